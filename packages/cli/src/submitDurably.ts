import { type GenerationRequest, Generations, type SubmitError, type Submission } from "@scenario-automation/core"
import { Console, type Duration, Effect } from "effect"
import { type IntentStore, openIntentStore } from "./intentStore.ts"
import type { RequestTracker } from "./RequestTracker.ts"

export interface DurableSubmitOptions {
  readonly out: string
  readonly tracker: RequestTracker
  readonly maxCost?: number | undefined
  readonly requestKey?: string | undefined
  readonly totalTimeout?: Duration.Duration | undefined
  /** Called when the submit may leave from now on, with a way to ask whether it did. */
  readonly onSending: (isInDoubt: () => boolean) => void
  readonly onSubmitted: (submission: Submission) => Effect.Effect<void>
}

/**
 * Submits a generation once. Its intent is stored before it is sent, and until its job is known or it was refused:
 * whatever ends this process, `scenario reconcile` finds the job.
 */
export const submitDurably = Effect.fnUntraced(function* (
  request: GenerationRequest,
  { out, tracker, maxCost, requestKey, totalTimeout, onSending, onSubmitted }: DurableSubmitOptions,
) {
  const generations = yield* Generations
  const store = yield* openIntentStore
  const stored = new Set<string>()
  const forget = Effect.sync(() => {
    for (const intentId of stored) store.remove(intentId)
    stored.clear()
  })
  return yield* generations
    .submit(request, {
      maxCost,
      requestKey,
      totalTimeout,
      onSending: (intent) =>
        Effect.suspend(() => {
          tracker.arm()
          onSending(() => tracker.isInDoubt)
          const fault = store.save(intent, out)
          stored.add(intent.id)
          return fault === undefined ? Effect.void : Console.error(describeFault(fault))
        }),
      onSubmitted: (submission) => Effect.andThen(onSubmitted(submission), forget),
    })
    .pipe(
      Effect.tapError((error) => (isInDoubt(error) ? Effect.sync(() => keep(store, error, out)) : forget)),
      Effect.onInterrupt(() => (tracker.isInDoubt ? Effect.void : forget)),
    )
})

const isInDoubt = (error: SubmitError): error is Extract<SubmitError, { readonly _tag: "SubmitUncertain" }> =>
  error._tag === "SubmitUncertain"

/** The intents as they were sent, which narrows a later search. */
const keep = (
  store: IntentStore,
  { intent, resubmitted }: Extract<SubmitError, { readonly _tag: "SubmitUncertain" }>,
  out: string,
): void => {
  store.save(intent, out)
  if (resubmitted !== undefined) store.save(resubmitted, out)
}

const describeFault = (fault: string): string =>
  `Warning: this submit can't be stored (${fault}). If this process is killed before the job is known, scenario reconcile won't find it.`
