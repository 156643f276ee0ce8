import type { JobRef } from "@scenario-automation/core"
import { Effect, Result } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { getBaseUrl, readRelaySettings } from "../environment.ts"
import { readKeyPair } from "../keyPair.ts"
import type { StepClock } from "../StepClock.ts"
import { RelayFailed } from "../toZapierError.ts"
import { makeRelayClient } from "../transport.ts"

/**
 * Lets the relay call Zapier back when the job ends, if the app's owner runs one. The account comes first, because
 * `generateCallbackUrl` marks the run as waiting at once: without a relay that knows the account it would wait forever. If
 * that fails, the step ends as if there were no relay, with the job's ID for the next one.
 */
export const handOver = Effect.fn("handOver")(function* (
  z: ZObject,
  { authData }: Bundle,
  job: JobRef,
  clock: StepClock,
) {
  const settings = readRelaySettings()
  if (settings === undefined) return
  const pair = readKeyPair(authData)
  if (pair === undefined) return
  const { apiKey, apiSecret } = pair
  const relay = yield* makeRelayClient(z, settings)
  const accountId = z.hash("sha256", `${getBaseUrl()} ${apiKey}:${apiSecret}`)

  const known = yield* relay.accounts
    .register({ params: { accountId }, payload: { apiKey, apiSecret } })
    .pipe(Effect.timeout(getCallTimeoutMs(clock)), Effect.result)
  if (Result.isFailure(known)) return

  const callbackUrl = z.generateCallbackUrl()
  yield* relay.waits.register({ payload: { accountId, jobId: job.jobId, callbackUrl } }).pipe(
    Effect.timeout(getCallTimeoutMs(clock)),
    Effect.mapError(() => new RelayFailed({ job })),
  )
})

/** Two calls share what is left of Zapier's 30 seconds, of which the step's clock keeps five back. */
const getCallTimeoutMs = (clock: StepClock): number => Math.max(1_500, clock.leftMs())
