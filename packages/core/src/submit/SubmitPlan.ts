import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { getRequestMethod } from "./GenerationRequest.ts"
import { withoutFileContents } from "./intents.ts"
import type { PreparedRequest } from "./Preparation.ts"
import { chooseSeed, findSeedRange } from "./seedIdentity.ts"
import type { IpDetection } from "../api/IpDetection.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { SubmitRegistry } from "./SubmitRegistry.ts"

/** A request with the seed by which its job will be recognized, if one was chosen. */
export interface SeededRequest {
  readonly prepared: PreparedRequest
  readonly seed: number | undefined
  /** The same without that seed. */
  readonly unseeded: PreparedRequest
}

/** One submit: what goes over the wire, and the intent that it is found by. */
export interface SubmitPlan {
  readonly request: SeededRequest
  readonly intent: SubmitIntent
  /** What the IP detection of the price request found, and was charged for. */
  readonly ipDetection?: IpDetection | undefined
}

export interface SeedOptions {
  readonly identifyBySeed: boolean
  readonly requestKey?: string | undefined
}

/** Chooses a seed for a request, if one may be chosen. */
export const withChosenSeed = Effect.fnUntraced(function* (
  unseeded: PreparedRequest,
  registry: SubmitRegistry,
  { identifyBySeed, requestKey }: SeedOptions,
) {
  const { request, call, descriptors } = unseeded
  const range = findSeedRange(request, call.body, descriptors)
  const isUseful = identifyBySeed && registry.trustsSeed({ path: call.path, inputs: call.body })
  const seed = range !== undefined && isUseful ? yield* chooseSeed(range, requestKey) : undefined
  const body = { ...call.body, seed: range?.isText === true ? String(seed) : seed }
  const prepared = seed === undefined ? unseeded : { ...unseeded, call: { ...call, body } }
  const seeded: SeededRequest = { prepared, seed, unseeded }
  return seeded
})

/** A submit of that request, from now on. */
export const makePlan = Effect.fnUntraced(function* (
  http: ScenarioHttp["Service"],
  registry: SubmitRegistry,
  request: SeededRequest,
) {
  const { call, descriptors } = request.prepared
  const intent: SubmitIntent = {
    id: randomId(),
    method: getRequestMethod(request.prepared.request),
    path: call.path,
    inputs: yield* withoutFileContents(call.body),
    defaults: readDefaults(call.body, descriptors),
    notBefore: new Date(yield* earliestCreation(http)).toISOString(),
    clock: (yield* http.isServerTimeKnown) ? "scenario" : "local",
    seed: request.seed,
    authorId: registry.authorId,
  }
  const plan: SubmitPlan = { request, intent }
  return plan
})

/**
 * The earliest date that the job can have: Scenario's now, or this machine's if that is earlier, because a single wrong
 * Date header must not hide the job. A machine whose clock is days behind is not believed.
 */
const earliestCreation = Effect.fnUntraced(function* (http: ScenarioHttp["Service"]) {
  const serverTime = yield* http.serverTime
  const localTime = yield* Clock.currentTimeMillis
  return localTime > serverTime - maxClockErrorMs ? Math.min(serverTime, localTime) : serverTime
})

const maxClockErrorMs = 86_400_000

/** What the API fills in for described inputs that were left out. */
const readDefaults = (
  body: PreparedRequest["call"]["body"],
  descriptors: PreparedRequest["descriptors"] = [],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    descriptors
      .filter(({ name, default: value }) => value !== undefined && value !== null && !(name in body))
      .filter(({ name }) => name !== "seed")
      .map(({ name, default: value }) => [name, value]),
  )

const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  )
