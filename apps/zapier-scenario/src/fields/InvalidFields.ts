import { Data, Effect } from "effect"

export interface FieldProblem {
  readonly label: string
  /** One or two sentences: what is wrong, and what to do. */
  readonly problem: string
}

/** Fields of the step hold what can't be used. Nothing was submitted. */
export class InvalidFields extends Data.TaggedError("InvalidFields")<{
  readonly problems: ReadonlyArray<FieldProblem>
}> {
  override get message(): string {
    return this.problems.map(({ label, problem }) => `${label}: ${problem}`).join(" ")
  }
}

export const refuseField = (label: string, problem: string): Effect.Effect<never, InvalidFields> =>
  Effect.fail(new InvalidFields({ problems: [{ label, problem }] }))
