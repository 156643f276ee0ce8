import type { InputDescriptor } from "../../api/InputDescriptor.ts"
import type { InlineResult } from "../InlineResult.ts"

/** What the response contains: a job; a job and its asset, which can be pending; or a job and its result as text or numbers. */
export type ResponseKind = "job" | "job-and-asset" | "text"

/** A named endpoint for generations. */
export interface Endpoint {
  readonly name: string
  /** Relative to the base URL. */
  readonly path: string
  readonly method: "POST"
  readonly returns: ResponseKind
  /** The `jobType`s that its jobs can have, to recognize the job of a lost response. */
  readonly jobTypes: ReadonlyArray<string>
  /** The capability of models that have this mode. Absent if it isn't a mode of models. */
  readonly capability?: string | undefined
  readonly fields: ReadonlyArray<InputDescriptor>
  /** Reads the result in the response; `undefined` if there isn't one. */
  readonly readInlineResult?: ((body: unknown) => InlineResult | undefined) | undefined
}

/** An endpoint whose path is `/generate/` and its name. */
export const endpoint = (name: string, facts: Omit<Endpoint, "name" | "path" | "method">): Endpoint => ({
  ...facts,
  name,
  path: `/generate/${name}`,
  method: "POST",
})

/**
 * The job types of the modes of the Stable Diffusion and Flux families. The contract doesn't say which endpoint creates which.
 */
export const inferenceJobTypes: ReadonlyArray<string> = ["inference", "image-generation", "flux", "custom"]
