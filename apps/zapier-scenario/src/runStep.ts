import { ApiError, Scenario, ScenarioConfig, type ScenarioServices } from "@scenario-automation/core"
import { Cause, Effect, Exit, Layer, Option, Redacted } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { getBaseUrl } from "./environment.ts"
import { type KeyPair, readKeyPair } from "./keyPair.ts"
import { tooSlow } from "./StepBudget.ts"
import type { StepError } from "./StepError.ts"
import { toZapierError } from "./toZapierError.ts"
import { makeTransports } from "./transport.ts"

/**
 * Runs a program for the bundle's connection. All services are built for each call, because Zapier runs the steps of many
 * users in one warm process. `z.cache` would save nothing: reading it takes a request, too, and a cached model can be outdated.
 */
export const runStep = async <A>(
  z: ZObject,
  { authData }: Pick<Bundle, "authData">,
  program: Effect.Effect<A, StepError, ScenarioServices>,
): Promise<A> => {
  const pair = readKeyPair(authData)
  if (pair === undefined) throw new z.errors.Error(noKey, "AuthenticationError", 401)
  // Of the last response; `undefined` while a request is in flight.
  let lastStatus: number | undefined
  const layer = makeAccountLayer(z, pair, (status) => (lastStatus = status))
  const exit = await Effect.runPromiseExit(Effect.provide(program, layer))
  if (Exit.isSuccess(exit)) return exit.value
  throw Option.match(Cause.findErrorOption(exit.cause), {
    onSome: (error) =>
      toZapierError(
        z,
        lastStatus === 429 && (isOutOfTime(error) || isUnreachable(error)) ? outOfTurn : error,
      ),
    onNone: () => new z.errors.Error(`This step broke: ${Cause.pretty(exit.cause)}`, "Defect", 500),
  })
}

const noKey =
  "The API key or the API secret is missing, or has characters that a key can't have. Create a key in Scenario under Project Settings > API Keys, and reconnect your account."

const isOutOfTime = (error: StepError): boolean =>
  error === tooSlow ||
  (error._tag === "ImportUncertain" && isOutOfTime(error.cause)) ||
  (error._tag === "ApiError" && error.reason._tag === "Unreachable" && error.reason.neverSent)

/** After a 429, only a price or a read can end so: a submit whose response is lost ends in `SubmitUncertain`. */
const isUnreachable = (error: StepError): boolean =>
  error._tag === "ApiError" && error.reason._tag === "Unreachable"

/** Time was up while core waited for a free request: Zapier should retry, and not report an outage. */
const outOfTurn = new ApiError({
  reason: {
    _tag: "RateLimited",
    detail: "no request was accepted within the time of a step",
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
        // Other runs can submit the same inputs with the same key at the same time.
        soleSubmitter: false,
      }),
    ),
    Layer.provide(makeTransports(z, onStatus)),
  )
