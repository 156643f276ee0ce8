import type { IBinaryKeyData, IExecuteFunctions } from "n8n-workflow"
import type { Attempt } from "./StartedJobs.ts"
import { listOf, numberOf, textOf } from "./values.ts"

/** One input item, with the node's parameters as they are for it. */
export class Item {
  readonly host: IExecuteFunctions
  readonly index: number
  readonly attempt: Attempt
  /** The job of this item, once it is known: with it, nothing is lost. */
  jobId: string | undefined
  readonly #binary: IBinaryKeyData

  constructor(host: IExecuteFunctions, index: number, binary: IBinaryKeyData, attempt: Attempt) {
    this.host = host
    this.index = index
    this.attempt = attempt
    this.#binary = binary
  }

  /** A parameter as n8n gives it: expressions done, resource locators as their value. */
  parameter(name: string): unknown {
    return this.host.getNodeParameter(name, this.index, undefined, { extractValue: true })
  }

  /** Empty where nothing was entered. */
  text(name: string): string {
    return textOf(this.parameter(name)) ?? ""
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

  binary(name: string): IBinaryKeyData[string] | undefined {
    return Object.hasOwn(this.#binary, name) ? this.#binary[name] : undefined
  }

  get binaryNames(): ReadonlyArray<string> {
    return Object.keys(this.#binary)
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
