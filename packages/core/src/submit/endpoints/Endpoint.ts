import type { InputDescriptor } from "../../api/InputDescriptor.ts"
import type { InlineAnswer } from "../InlineAnswer.ts"

/** What comes back at once: a job; a job and its asset, pending or not; or a job and its result as text or numbers. */
type AnswerKind = "job" | "job-and-asset" | "text"

/** One named generation endpoint of the API, as data. */
export interface Endpoint {
  readonly name: string
  /** Below the base URL. */
  readonly path: string
  readonly method: "POST"
  readonly answer: AnswerKind
  /** The `jobType`s that a job of it may carry: for recognising one whose submit was not answered. */
  readonly jobTypes: ReadonlyArray<string>
  /** The capability by which a model says that it offers this mode. Absent: it is no mode of a model. */
  readonly capability?: string | undefined
  readonly fields: ReadonlyArray<InputDescriptor>
  /** Reads the result in the response; `undefined` if there isn't one. */
  readonly readAnswer?: ((body: unknown) => InlineAnswer | undefined) | undefined
}

/** An endpoint whose path is `/generate/` and its name. */
export const endpoint = (name: string, facts: Omit<Endpoint, "name" | "path" | "method">): Endpoint => ({
  ...facts,
  name,
  path: `/generate/${name}`,
  method: "POST",
})

/**
 * The modes of the Stable Diffusion and Flux families start one kind of job. The contract names four types that it may
 * carry, and does not say which endpoint makes which.
 */
export const inferenceJobTypes: ReadonlyArray<string> = ["inference", "image-generation", "flux", "custom"]
