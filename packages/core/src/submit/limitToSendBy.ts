import type * as Effect from "effect/Effect"
import { ApiError } from "../errors.ts"
import { type Deadline, endAt } from "../utils/monotonic.ts"
import { describeRequest, type GenerationRequest } from "./GenerationRequest.ts"

/** Fails if a step before the submit leaves no time to send it. */
export const limitToSendBy = <A, E>(
  step: Effect.Effect<A, E>,
  request: GenerationRequest,
  { sendBy }: { readonly sendBy: Deadline },
  reason?: LateReason,
): Effect.Effect<A, E | ApiError> => endAt(step, sendBy, () => makeOutOfTimeError(request, reason))

interface LateReason {
  readonly detail: string
  readonly neverSent: boolean
  readonly isWithheld?: boolean
}

const notSentInTime: LateReason = {
  detail: "Scenario was too slow to submit in the remaining time",
  neverSent: true,
  isWithheld: true,
}

export const makeOutOfTimeError = (
  request: GenerationRequest,
  reason: LateReason = notSentInTime,
): ApiError =>
  new ApiError({
    reason: { _tag: "Unreachable", ...reason },
    request: `submit ${describeRequest(request)}`,
  })
