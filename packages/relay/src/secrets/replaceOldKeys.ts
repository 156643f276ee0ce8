import { Effect, Layer } from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { getCallbackContext } from "../delivery/Deliveries.ts"
import type { StoredWait } from "../storage/StoredWait.ts"
import { type SealedReplacement, WaitStore } from "../storage/WaitStore.ts"
import { getGenerationContext, getIntentContext } from "../watch/GenerationSubmitter.ts"
import { SecretBox } from "./SecretBox.ts"

const pageSize = 500

/** Encrypts with the current key what waits hold that was encrypted with an older one. Returns how many values. */
export const replaceOldKeysOfWaits = Effect.gen(function* () {
  const store = yield* WaitStore
  const box = yield* SecretBox
  let count = 0
  let after = ""
  while (true) {
    const page = yield* store.listSealedOtherwise(box.currentPrefix, after, pageSize)
    const replacements = (yield* Effect.forEach(page, (wait) => sealAgain(wait, box))).flat()
    yield* store.replaceSealed(replacements)
    count += replacements.length
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return count
    after = last.waitId
  }
})

const sealAgain = (
  wait: StoredWait,
  box: SecretBox["Service"],
): Effect.Effect<ReadonlyArray<SealedReplacement>> => {
  const { waitId, callbackSealed, generationSealed, intentSealed } = wait
  const values = [
    { column: "callback_sealed", before: callbackSealed, context: getCallbackContext(wait) },
    { column: "generation_sealed", before: generationSealed, context: getGenerationContext(wait) },
    { column: "intent_sealed", before: intentSealed, context: getIntentContext(wait) },
  ] as const
  return Effect.try({
    try: () =>
      values.flatMap(({ column, before, context }) =>
        before === undefined || before.startsWith(box.currentPrefix)
          ? []
          : [{ waitId, column, before, after: box.seal(box.open(before, context), context) }],
      ),
    catch: (cause) => (cause instanceof Error ? cause.message : String(cause)),
  }).pipe(
    // Its key may be configured again later.
    Effect.catch((reason) =>
      Effect.as(Effect.logWarning("A wait can't be decrypted", { waitId, reason }), []),
    ),
  )
}

/** Does it once when the relay starts. The waits can be many: the relay works meanwhile. */
export const replaceOldKeys = Layer.effectDiscard(
  Effect.gen(function* () {
    const accounts = yield* (yield* Accounts).replaceOldKeys
    if (accounts > 0) yield* Effect.logInfo("Encrypted accounts with the current key", { accounts })
    yield* replaceOldKeysOfWaits.pipe(
      Effect.tap((values) =>
        values === 0
          ? Effect.void
          : Effect.logInfo("Encrypted stored waits with the current key", { values }),
      ),
      Effect.catchCause((cause) =>
        Effect.logError(
          "Stored waits couldn't be encrypted with the current key. Keep the old one, and restart.",
          cause,
        ),
      ),
      Effect.forkScoped,
    )
  }),
)
