import type { IBinaryData, IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from "n8n-workflow"
import { listInputFiles } from "./inputs/listInputFiles.ts"
import { isTool } from "./isTool.ts"
import { type Options, readOptions } from "./readOptions.ts"
import { readBoolean, readNumber } from "./readValues.ts"
import type { RetryMemory } from "./RetryMemory.ts"
import { isRecord, toList, toText } from "./values.ts"

/** An input item, and the node's parameters for it. */
export class Item {
  readonly host: IExecuteFunctions
  readonly index: number
  readonly memory: RetryMemory
  /** Set as soon as the job is known, for errors. */
  jobId: string | undefined
  readonly #files: IBinaryKeyData
  #options: Options | undefined

  constructor(host: IExecuteFunctions, index: number, input: INodeExecutionData, memory: RetryMemory) {
    this.host = host
    this.index = index
    this.memory = memory
    this.#files = listInputFiles(input)
  }

  /** A parameter with its expressions resolved; of a resource locator only the value. */
  parameter(name: string): unknown {
    return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true })
  }

  text(name: string): string {
    return toText(this.parameter(name)) ?? ""
  }

  /** For a field that n8n may hide: hidden fields have no value. */
  shown(name: string): string | undefined {
    return toText(this.host.getNodeParameter(name, this.index, ""))
  }

  list(name: string): ReadonlyArray<string> {
    return toList(this.parameter(name))
  }

  /** `undefined` means all. */
  get limit(): number | undefined {
    if (readBoolean("Return All", this.parameter("returnAll"))) return undefined
    const limit = this.host.getNodeParameter("limit", this.index, 50)
    return readNumber("Limit", limit, { min: 1, isWhole: true })
  }

  /** Throws if an option can't be used. */
  get options(): Options {
    this.#options ??= readOptions(this.#collection("options"))
    return this.#options
  }

  /** `undefined` if the filter was not added. */
  filter(name: string): unknown {
    return this.#collection("filters")[name]
  }

  hasFilter(name: string): boolean {
    return Object.hasOwn(this.#collection("filters"), name)
  }

  /**
   * Finds a file by its binary field, its path in the JSON as n8n writes it (`_files.data`), or its file name.
   */
  file(name: string): IBinaryData | undefined {
    const key = Object.hasOwn(this.#files, name) ? name : name.replace(/^_files\./, "")
    if (Object.hasOwn(this.#files, key)) return this.#files[key]
    return Object.values(this.#files).find(({ fileName }) => fileName === name)
  }

  get fileNames(): ReadonlyArray<string> {
    return Object.keys(this.#files)
  }

  /** An agent can't read files. */
  get wantsFiles(): boolean {
    return !isTool(this.host) && this.options.download !== false
  }

  #collection(name: string): Readonly<Record<string, unknown>> {
    const collection: unknown = this.host.getNodeParameter(name, this.index, {})
    return isRecord(collection) ? collection : {}
  }
}
