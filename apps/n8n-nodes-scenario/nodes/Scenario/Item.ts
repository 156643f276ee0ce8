import type { IBinaryData, IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from "n8n-workflow"
import { inputFiles } from "./inputs/inputFiles.ts"
import type { Attempt } from "./StartedJobs.ts"
import { listOf, numberOf, textOf } from "./values.ts"

/** One input item, with the node's parameters as they are for it. */
export class Item {
  readonly host: IExecuteFunctions
  readonly index: number
  readonly attempt: Attempt
  /** The job of this item, once it is known: with it, nothing is lost. */
  jobId: string | undefined
  readonly #files: IBinaryKeyData

  constructor(host: IExecuteFunctions, index: number, input: INodeExecutionData, attempt: Attempt) {
    this.host = host
    this.index = index
    this.attempt = attempt
    this.#files = inputFiles(input)
  }

  /** A parameter as n8n gives it: expressions done, resource locators as their value. */
  parameter(name: string): unknown {
    return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true })
  }

  /** Empty where nothing was entered. */
  text(name: string): string {
    return textOf(this.parameter(name)) ?? ""
  }

  /** Of a field that n8n may have hidden, and then keeps nothing of. */
  shown(name: string): string | undefined {
    return textOf(this.host.getNodeParameter(name, this.index, ""))
  }

  list(name: string): ReadonlyArray<string> {
    return listOf(this.parameter(name))
  }

  isOn(name: string): boolean {
    return this.parameter(name) === true
  }

  /** `undefined` where all are wanted. */
  get limit(): number | undefined {
    return this.isOn("returnAll") ? undefined : (numberOf(this.parameter("limit")) ?? 50)
  }

  /** One of the collapsed options; `undefined` where it was not added. */
  option(name: string): unknown {
    return this.#collection("options")[name]
  }

  /** One of the collapsed filters. */
  filter(name: string): unknown {
    return this.#collection("filters")[name]
  }

  /** By its name; `_files.data` as well, as n8n writes the place of a file within an item's JSON. */
  file(name: string): IBinaryData | undefined {
    const key = Object.hasOwn(this.#files, name) ? name : name.replace(/^_files\./, "")
    return Object.hasOwn(this.#files, key) ? this.#files[key] : undefined
  }

  get fileNames(): ReadonlyArray<string> {
    return Object.keys(this.#files)
  }

  /** An agent reads text: files would only fill the execution's storage. */
  get wantsFiles(): boolean {
    return !this.host.isToolExecution() && this.option("download") !== false
  }

  #collection(name: string): Readonly<Record<string, unknown>> {
    const collection: unknown = this.host.getNodeParameter(name, this.index, {})
    return typeof collection === "object" && collection !== null ? { ...collection } : {}
  }
}
