import type { IBinaryData, IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from "n8n-workflow"
import { listInputFiles } from "./inputs/listInputFiles.ts"
import { isTool } from "./isTool.ts"
import { type Options, readOptions } from "./readOptions.ts"
import { readBoolean, readNumber } from "./readValues.ts"
import type { Attempt } from "./StartedJobs.ts"
import { isRecord, toList, toText } from "./values.ts"

/** One input item, with the node's parameters as they are for it. */
export class Item {
  readonly host: IExecuteFunctions
  readonly index: number
  readonly attempt: Attempt
  /** The job of this item, once it is known: with it, nothing is lost. */
  jobId: string | undefined
  readonly #files: IBinaryKeyData
  #options: Options | undefined

  constructor(host: IExecuteFunctions, index: number, input: INodeExecutionData, attempt: Attempt) {
    this.host = host
    this.index = index
    this.attempt = attempt
    this.#files = listInputFiles(input)
  }

  /** A parameter as n8n gives it: expressions done, resource locators as their value. */
  parameter(name: string): unknown {
    return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true })
  }

  /** Empty if nothing was entered. */
  text(name: string): string {
    return toText(this.parameter(name)) ?? ""
  }

  /** Of a field that n8n may have hidden, and then keeps nothing of. */
  shown(name: string): string | undefined {
    return toText(this.host.getNodeParameter(name, this.index, ""))
  }

  list(name: string): ReadonlyArray<string> {
    return toList(this.parameter(name))
  }

  /** `undefined` for all. */
  get limit(): number | undefined {
    if (readBoolean("Return All", this.parameter("returnAll"))) return undefined
    const limit = this.host.getNodeParameter("limit", this.index, 50)
    return readNumber("Limit", limit, { min: 1, isWhole: true })
  }

  /** What was added under Options. Throws if something there can't be used. */
  get options(): Options {
    this.#options ??= readOptions(this.#collection("options"))
    return this.#options
  }

  /** One of the collapsed filters; `undefined` if it was not added. */
  filter(name: string): unknown {
    return this.#collection("filters")[name]
  }

  /** Whether a filter was added, for those that must hold a usable value then. */
  hasFilter(name: string): boolean {
    return Object.hasOwn(this.#collection("filters"), name)
  }

  /**
   * By the name of its binary field, or by its own file name; `_files.data` as well, as n8n writes the place of a file
   * within an item's JSON.
   */
  file(name: string): IBinaryData | undefined {
    const key = Object.hasOwn(this.#files, name) ? name : name.replace(/^_files\./, "")
    if (Object.hasOwn(this.#files, key)) return this.#files[key]
    return Object.values(this.#files).find(({ fileName }) => fileName === name)
  }

  get fileNames(): ReadonlyArray<string> {
    return Object.keys(this.#files)
  }

  /** An agent reads text: files would only fill the execution's storage. */
  get wantsFiles(): boolean {
    return !isTool(this.host) && this.options.download !== false
  }

  #collection(name: string): Readonly<Record<string, unknown>> {
    const collection: unknown = this.host.getNodeParameter(name, this.index, {})
    return isRecord(collection) ? collection : {}
  }
}
