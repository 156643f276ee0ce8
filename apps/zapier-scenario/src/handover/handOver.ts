import type { JobRef } from "@scenario-automation/core"
import { JobId } from "@scenario-automation/relay-contract"
import { Effect, Result, Schema } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { getBaseUrl, readRelaySettings } from "../environment.ts"
import { readKeyPair } from "../keyPair.ts"
import type { StepBudget } from "../StepBudget.ts"
import { RelayFailed } from "../StepError.ts"
import { makeRelayClient } from "../transport.ts"

/**
 * Asks the relay, if the app's owner runs one, to call Zapier back when the job ends. The account is registered first, because
 * `generateCallbackUrl` marks the run as waiting at once, and it would wait forever if the relay didn't know the account. If
 * that fails, the step ends as without a relay.
 */
export const handOver = Effect.fn("handOver")(function* (
  z: ZObject,
  { authData }: Bundle,
  job: JobRef,
  budget: StepBudget,
) {
  const settings = readRelaySettings()
  if (settings === undefined || !canRelayWaitFor(job.jobId)) return
  const pair = readKeyPair(authData)
  if (pair === undefined) return
  const { apiKey, apiSecret } = pair
  const relay = yield* makeRelayClient(z, settings)
  const accountId = z.hash("sha256", `${getBaseUrl()} ${apiKey}:${apiSecret}`)

  const known = yield* relay.accounts
    .register({ params: { accountId }, payload: { apiKey, apiSecret } })
    .pipe(Effect.timeout(getCallTimeoutMs(budget)), Effect.result)
  if (Result.isFailure(known)) return

  const callbackUrl = z.generateCallbackUrl()
  yield* relay.waits.register({ payload: { accountId, jobIds: [job.jobId], callbackUrl } }).pipe(
    Effect.timeout(getCallTimeoutMs(budget)),
    Effect.mapError(() => new RelayFailed({ job })),
  )
})

const canRelayWaitFor = Schema.is(JobId)

/** Two calls share the rest of Zapier's 30 seconds; the step's budget ends 5 seconds earlier. */
const getCallTimeoutMs = (budget: StepBudget): number => Math.max(1_500, budget.leftMs())
