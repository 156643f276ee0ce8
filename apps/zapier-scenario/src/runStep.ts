import { ApiError, Scenario, ScenarioConfig, type ScenarioServices } from "@scenario-automation/core"
import { Cause, Effect, Exit, Layer, Option, Redacted } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { getBaseUrl } from "./environment.ts"
import { type KeyPair, readKeyPair } from "./keyPair.ts"
import { tooSlow } from "./StepClock.ts"
import { type StepError, toZapierError } from "./toZapierError.ts"
import { makeTransports } from "./transport.ts"

/**
 * Runs a program for the connection of the bundle. Everything is built again each time: Zapier runs the steps of many users
 * in one warm process, which must remember none of them. `z.cache` isn't used either: reading a model from it takes a request
 * to Zapier instead of one to Scenario, and a model that has changed would be checked against its old form.
 */
export const runStep = async <A>(
  z: ZObject,
  { authData }: Pick<Bundle, "authData">,
  program: Effect.Effect<A, StepError, ScenarioServices>,
): Promise<A> => {
  const pair = readKeyPair(authData)
  if (pair === undefined) throw new z.errors.Error(noKey, "AuthenticationError", 401)
  // Of the last request; none while that is on its way.
  let lastStatus: number | undefined
  const layer = makeAccountLayer(z, pair, (status) => (lastStatus = status))
  const exit = await Effect.runPromiseExit(Effect.provide(program, layer))
  if (Exit.isSuccess(exit)) return exit.value
  throw Option.match(Cause.findErrorOption(exit.cause), {
    onSome: (error) => toZapierError(z, lastStatus === 429 && isOutOfTime(error) ? inLine : error),
    onNone: () => new z.errors.Error(`This step broke: ${Cause.pretty(exit.cause)}`, "Defect", 500),
  })
}

const noKey =
  "The API key or the API secret is missing, or isn't plain text. Copy both from Scenario's API settings, and connect again."

/** Nothing more was sent, or nothing that is paid. */
const isOutOfTime = (error: StepError): boolean =>
  error === tooSlow ||
  (error._tag === "ImportUncertain" && isOutOfTime(error.cause)) ||
  (error._tag === "ApiError" && error.reason._tag === "Unreachable" && error.reason.neverSent)

/** Time ran out while core queued: Zapier should retry, and not report an outage. */
const inLine = new ApiError({
  reason: {
    _tag: "RateLimited",
    detail: "Scenario accepted none within the time of a step",
    kind: "rate",
  },
  request: "step",
})

const makeAccountLayer = (
  z: ZObject,
  { apiKey, apiSecret }: KeyPair,
  onStatus: (status: number | undefined) => void,
) =>
  Scenario.layer.pipe(
    Layer.provide(
      ScenarioConfig.layer({
        apiKey: Redacted.make(apiKey),
        apiSecret: Redacted.make(apiSecret),
        baseUrl: getBaseUrl(),
        auth: "transport",
        // Other Zaps, and other runs of this one, generate the same with the same key at the same time.
        soleSubmitter: false,
      }),
    ),
    Layer.provide(makeTransports(z, onStatus)),
  )
