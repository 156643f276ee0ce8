import { Clock, Context, Effect, Layer, Semaphore } from "effect"

/** Protects receivers from each other: a slow or dead one holds neither sockets nor attempts that others need. */
export class Receivers extends Context.Service<
  Receivers,
  {
    /**
     * Runs an attempt for a receiver when it has room. After several failures in a row its breaker opens: attempts wait, and
     * then a single one tries it.
     */
    readonly run: <A, E>(
      receiver: string,
      attempt: Effect.Effect<A, E>,
      isDown: (result: A) => boolean,
    ) => Effect.Effect<A, E>
    /** Milliseconds since 1970; 0 if the receiver can be called. */
    readonly getOpenUntil: (receiver: string) => number
    readonly countOpen: (now: number) => number
    /** Receivers that are in use, or have failed lately. */
    readonly getSize: () => number
  }
>()("@scenario-automation/relay/Receivers") {
  static readonly layer: Layer.Layer<Receivers> = Layer.effect(
    Receivers,
    Effect.suspend(() => make),
  )
}

interface Receiver {
  readonly slots: Semaphore.Semaphore
  failures: number
  openUntil: number
  timesOpened: number
  isTrying: boolean
  failedAt: number
  users: number
}

const maxAttemptsPerReceiver = 16
const maxAttempts = 256
/** Failures in a row that open the breaker. */
const maxFailures = 5
const minOpenMs = 10_000
const maxOpenMs = 600_000
/** How long the failures of a receiver count that nothing is sent to. */
const maxMemoryMs = 3_600_000

const make = Effect.gen(function* () {
  const receivers = new Map<string, Receiver>()
  const forgetOld = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const [key, { users, failedAt }] of receivers)
      if (users === 0 && failedAt <= now - maxMemoryMs) receivers.delete(key)
  })
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep("10 minutes"), forgetOld)))
  const all = yield* Semaphore.make(maxAttempts)

  const enter = (key: string): Receiver => {
    const known = receivers.get(key) ?? {
      slots: Semaphore.makeUnsafe(maxAttemptsPerReceiver),
      failures: 0,
      openUntil: 0,
      timesOpened: 0,
      isTrying: false,
      failedAt: 0,
      users: 0,
    }
    receivers.set(key, known)
    known.users += 1
    return known
  }
  const leave = (key: string, receiver: Receiver) => {
    receiver.users -= 1
    if (receiver.users === 0 && receiver.failures === 0) receivers.delete(key)
  }

  const awaitTurn = Effect.fnUntraced(function* (receiver: Receiver) {
    while (receiver.failures >= maxFailures) {
      const now = yield* Clock.currentTimeMillis
      if (now >= receiver.openUntil && !receiver.isTrying) {
        receiver.isTrying = true
        return
      }
      yield* Effect.sleep(Math.max(receiver.openUntil - now, pollBreakerMs))
    }
  })

  const note = (receiver: Receiver, now: number, isDown: boolean) => {
    receiver.isTrying = false
    receiver.failures = isDown ? receiver.failures + 1 : 0
    if (isDown) receiver.failedAt = now
    if (!isDown) {
      receiver.openUntil = 0
      receiver.timesOpened = 0
    } else if (receiver.failures >= maxFailures && now >= receiver.openUntil) {
      // Attempts that were in flight when it opened don't open it for longer.
      receiver.openUntil = now + Math.min(maxOpenMs, minOpenMs * 2 ** receiver.timesOpened)
      receiver.timesOpened += 1
    }
  }

  const run = <A, E>(key: string, attempt: Effect.Effect<A, E>, isDown: (result: A) => boolean) =>
    Effect.acquireUseRelease(
      Effect.sync(() => enter(key)),
      (receiver) =>
        receiver.slots.withPermit(
          Effect.andThen(
            awaitTurn(receiver),
            all.withPermit(
              Effect.onExit(attempt, (exit) =>
                Effect.map(Clock.currentTimeMillis, (now) => {
                  if (exit._tag === "Success") note(receiver, now, isDown(exit.value))
                  else receiver.isTrying = false
                }),
              ),
            ),
          ),
        ),
      (receiver) => Effect.sync(() => leave(key, receiver)),
    )

  return Receivers.of({
    run,
    getOpenUntil: (key) => receivers.get(key)?.openUntil ?? 0,
    countOpen: (now) => [...receivers.values()].filter(({ openUntil }) => openUntil > now).length,
    getSize: () => receivers.size,
  })
})

/** How soon the attempts behind an open breaker see that it has closed. */
const pollBreakerMs = 250
