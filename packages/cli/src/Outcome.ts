import { type Delivery, toDeliveryJson } from "./Delivery.ts"
import { exitCodes, type ExitCode, worstExitCode } from "./exitCodes.ts"
import { type Failure, toFailureJson } from "./Failure.ts"

/** How one generation ended. */
export type Outcome =
  | { readonly _tag: "Delivered"; readonly delivery: Delivery }
  | { readonly _tag: "Failed"; readonly failure: Failure }

export const getWorstExitCode = (outcomes: ReadonlyArray<Outcome>): ExitCode =>
  worstExitCode(
    outcomes.map((outcome) => (outcome._tag === "Failed" ? outcome.failure.exitCode : exitCodes.done)),
  )

/** The one document that `--json` prints: the result of one generation, or `{ results }` of several. */
export const toOutcomesJson = (outcomes: ReadonlyArray<Outcome>, out: string): unknown => {
  const [only, ...others] = outcomes
  if (only !== undefined && others.length === 0) return toOutcomeJson(only, out)
  return { results: outcomes.map((outcome) => toOutcomeJson(outcome, out)) }
}

const toOutcomeJson = (outcome: Outcome, out: string): unknown =>
  outcome._tag === "Delivered" ? toDeliveryJson(outcome.delivery) : toFailureJson(outcome.failure, out)
