import { type Delivery, deliveryJson } from "./Delivery.ts"
import { exitCodes, type ExitCode, worstExitCode } from "./exitCodes.ts"
import { type Failure, failureJson } from "./Failure.ts"

/** How one generation ended. */
export type Outcome =
  | { readonly _tag: "Delivered"; readonly delivery: Delivery }
  | { readonly _tag: "Failed"; readonly failure: Failure }

export const getWorstExitCode = (outcomes: ReadonlyArray<Outcome>): ExitCode =>
  worstExitCode(
    outcomes.map((outcome) => (outcome._tag === "Failed" ? outcome.failure.exitCode : exitCodes.done)),
  )

/** The one document that `--json` prints: of a job by itself, or `{ jobs }` of several. */
export const outcomesJson = (outcomes: ReadonlyArray<Outcome>, out: string): unknown => {
  const [only, ...others] = outcomes
  if (only !== undefined && others.length === 0) {
    return only._tag === "Delivered" ? deliveryJson(only.delivery) : { error: failureJson(only.failure, out) }
  }
  return {
    jobs: outcomes.map((outcome) =>
      outcome._tag === "Delivered"
        ? deliveryJson(outcome.delivery)
        : { job: { id: outcome.failure.jobId }, error: failureJson(outcome.failure, out) },
    ),
  }
}
