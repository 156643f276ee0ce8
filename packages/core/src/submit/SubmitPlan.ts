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

/** A request with its seed, if the library chose one to recognize the job. */
export interface SeededRequest {
  readonly prepared: PreparedRequest
  readonly seed: number | undefined
  /** The request without that seed. */
  readonly unseeded: PreparedRequest
}

/** A submit: what is sent, and its intent. */
export interface SubmitPlan {
  readonly request: SeededRequest
  readonly intent: SubmitIntent
  /** The IP detection of the dry run, which was charged. */
  readonly ipDetection?: IpDetection | undefined
}

export interface SeedOptions {
  readonly identifyBySeed: boolean
  readonly requestKey?: string | undefined
}

/** Chooses a seed for a request, if that is possible. */
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

/** Creates a plan whose intent starts now. */
export const makePlan = Effect.fnUntraced(function* (
  http: ScenarioHttp["Service"],
  registry: SubmitRegistry,
  request: SeededRequest,
) {
  const { call, descriptors } = request.prepared
  const intent: SubmitIntent = {
    id: makeRandomId(),
    method: getRequestMethod(request.prepared.request),
    path: call.path,
    inputs: yield* withoutFileContents(call.body),
    defaults: readDefaults(call.body, descriptors),
    notBefore: new Date(yield* getEarliestCreation(http)).toISOString(),
    clock: (yield* http.isServerTimeKnown) ? "scenario" : "local",
    seed: request.seed,
    authorId: registry.authorId,
  }
  const plan: SubmitPlan = { request, intent }
  return plan
})

/**
 * The earliest possible date of the job: Scenario's time, or this machine's if that is earlier, because one wrong Date header
 * must not hide the job. The time of a machine that is a day behind isn't used.
 */
const getEarliestCreation = Effect.fnUntraced(function* (http: ScenarioHttp["Service"]) {
  const serverTime = yield* http.serverTime
  const localTime = yield* Clock.currentTimeMillis
  return localTime > serverTime - maxClockErrorMs ? Math.min(serverTime, localTime) : serverTime
})

const maxClockErrorMs = 86_400_000

/** The defaults of inputs that weren't set. */
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

const makeRandomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  )
