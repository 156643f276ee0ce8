import type * as Effect from "effect/Effect"
import { ApiError } from "../errors.ts"
import { type Deadline, endAt } from "../monotonic.ts"
import { describeRequest, type GenerationRequest } from "./GenerationRequest.ts"

/** Runs a step of a submit, which fails if it would end too late to send anything afterwards. */
export const inTimeToSend = <A, E>(
  step: Effect.Effect<A, E>,
  request: GenerationRequest,
  { sendBy }: { readonly sendBy: Deadline },
  reason?: LateReason,
): Effect.Effect<A, E | ApiError> => endAt(step, sendBy, () => outOfTime(request, reason))

interface LateReason {
  readonly detail: string
  readonly neverSent: boolean
  readonly isWithheld?: boolean
}

const notSentInTime: LateReason = {
  detail: "Scenario was too slow to submit in the time that was left",
  neverSent: true,
  isWithheld: true,
}

export const outOfTime = (request: GenerationRequest, reason: LateReason = notSentInTime): ApiError =>
  new ApiError({
    reason: { _tag: "Unreachable", ...reason },
    request: `submit ${describeRequest(request)}`,
  })
