import {
  type GenerationRequest,
  Generations,
  type Submission,
  type SubmitWait,
} from "@scenario-automation/core"
import { Console, type Duration, Effect } from "effect"
import { openIntentStore } from "./intentStore.ts"

export interface DurableSubmitOptions {
  readonly out: string
  readonly maxCost?: number | undefined
  readonly ipDetection?: boolean | undefined
  readonly requestKey?: string | undefined
  readonly totalTimeout?: Duration.Duration | undefined
  /** Called with true when the submit is sent, and with false when it is refused. */
  readonly onMaybeAccepted: (isUncertain: boolean) => void
  /** Called when the submit has to wait because the account is running as many jobs as it can. */
  readonly onWaiting: (wait: SubmitWait) => Effect.Effect<void>
  readonly onSubmitted: (submission: Submission) => Effect.Effect<void>
}

/**
 * Submits a generation once. Its intent is stored from before it is sent until its job is known or it is refused, so that
 * `scenario reconcile` finds the job even if this process is killed.
 */
export const submitDurably = Effect.fnUntraced(function* (
  request: GenerationRequest,
  options: DurableSubmitOptions,
) {
  const { out, onMaybeAccepted, onSubmitted } = options
  const generations = yield* Generations
  const store = yield* openIntentStore
  const stored = new Set<string>()
  let mayBeAccepted = false
  const forget = Effect.sync(() => {
    for (const intentId of stored) store.remove(intentId)
    stored.clear()
  })
  return yield* generations
    .submit(request, {
      maxCost: options.maxCost,
      ipDetection: options.ipDetection,
      requestKey: options.requestKey,
      totalTimeout: options.totalTimeout,
      onWaiting: options.onWaiting,
      onSending: (intent) =>
        Effect.suspend(() => {
          const fault = store.save(intent, out)
          stored.add(intent.id)
          return fault === undefined ? Effect.void : Console.error(describeFault(fault))
        }),
      onMaybeAccepted: (intent) => {
        mayBeAccepted = intent !== undefined
        // The date of sending narrows a later search.
        if (intent !== undefined) store.save(intent, out)
        onMaybeAccepted(mayBeAccepted)
      },
      onSubmitted: (submission) => Effect.andThen(onSubmitted(submission), forget),
    })
    .pipe(
      Effect.tapError((error) => (error._tag === "SubmitUncertain" ? Effect.void : forget)),
      Effect.onInterrupt(() => (mayBeAccepted ? Effect.void : forget)),
    )
})

const describeFault = (fault: string): string =>
  `Warning: this submit can't be stored (${fault}). If this process is killed before the job is known, scenario reconcile can't find it.`
