import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { toConcurrencyError } from "../http/applyFault.ts"
import { refuse, Refusal } from "../http/Refusal.ts"
import type { Json, JsonObject } from "../json.ts"
import { hashText } from "../seeded.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"

// Steps that all paid requests share.

/** The response to a dry run: status 269 with the price. */
export const toPriceResponse = (price: number): ApiResponse => ({
  status: 269,
  body: { creativeUnitsCost: price, creativeUnitsDiscount: 0, costDetails: {} },
})

/** The price of a submit, and the ceilings that it counts against. */
interface SubmitTerms {
  readonly price: number
  /** The name of the ceiling in a 429. */
  readonly actionName: string
  readonly jobKind: "custom" | "workflow" | "endpoint"
}

/** Returns the price of a dry run. Runs anything else, unless a ceiling or the IP detection prevents it. */
export const priceOrRun = (exchange: Exchange, terms: SubmitTerms, run: () => JsonObject): ApiResponse => {
  if (!exchange.isDryRun) checkCeilings(exchange, terms)
  const detection = detectIp(exchange)
  if (exchange.isDryRun) {
    const { status, body } = toPriceResponse(terms.price)
    return { status, body: { ...body, ...detection?.body } }
  }
  // The response to a blocked run isn't documented. Here it has no job, and only the fee is charged.
  if (detection?.isBlocked === true) return ok({ creativeUnitsCost: 0, ...detection.body })
  return ok({ ...run(), ...detection?.body })
}

/** The fee of the IP detection, in compute units. It is charged in addition to the price, also on a dry run. */
const ipDetectionFee = 1.5

const detectIp = (
  exchange: Exchange,
): { readonly isBlocked: boolean; readonly body: JsonObject } | undefined => {
  if (!exchange.isOn("ipDetection")) return undefined
  exchange.world.ledger.chargeFee(ipDetectionFee)
  const isBlocked = exchange.getFault("ip-blocked") !== undefined
  const isFlagged = exchange.getFault("ip-flagged") !== undefined
  const action = isBlocked ? "blocked" : isFlagged ? "flagged" : "allowed"
  const findings =
    action === "allowed" ? [] : [{ name: "Plumber in red", category: "character", score: 0.93 }]
  return { isBlocked, body: { ipDetection: { action, creativeUnitsCharged: ipDetectionFee, findings } } }
}

/** As in the live API, `dryRun` in the body is ignored: the job runs and is charged. */
export const noteBodyDryRun = (exchange: Exchange): void => {
  if (exchange.getObjectBody()["dryRun"] !== undefined) {
    exchange.addViolation("dryRun belongs in the query; in the body it is ignored, and the job is charged")
  }
}

/** 429 if the account runs as many jobs as it can: of all kinds, of models, or of workflows. */
const checkCeilings = (exchange: Exchange, { actionName, jobKind }: SubmitTerms): void => {
  const { jobs, settings } = exchange.world
  const { concurrencyLimit, parallelCustomJobs, parallelWorkflows } = settings
  const check = (name: string, limit: number | undefined, running: () => number): void => {
    if (limit !== undefined && running() >= limit) throw new Refusal(429, toConcurrencyError(name, limit))
  }
  check(actionName, concurrencyLimit, () => jobs.countRunning())
  if (jobKind === "custom")
    check("parallel-custom-jobs", parallelCustomJobs, () => jobs.countRunning("custom"))
  if (jobKind === "workflow")
    check("parallel-workflows", parallelWorkflows, () => jobs.countRunning("workflow"))
}

/** The inputs that the job echoes, and when it is listed. Faults change both. */
export const makeEcho = (
  exchange: Exchange,
  input: JsonObject,
  defaults: JsonObject = {},
): { readonly input: JsonObject; readonly listedAfterMs: number | undefined } => {
  const late = exchange.getFault("listed-late")
  return {
    input: exchange.getFault("no-echo") === undefined ? echoInput(exchange, input, defaults) : {},
    listedAfterMs: late === undefined ? undefined : (late.delayMs ?? 5_000),
  }
}

const echoInput = (exchange: Exchange, input: JsonObject, defaults: JsonObject): JsonObject => {
  const { seed, ...rest } = rewriteInput(exchange, input)
  const filled = exchange.getFault("filled-echo") === undefined ? rest : { ...defaults, ...rest }
  const dropped = exchange.getFault("dropped-input")
  const kept =
    dropped === undefined
      ? filled
      : Object.fromEntries(Object.entries(filled).filter(([name]) => name !== (dropped.value ?? "prompt")))
  if (exchange.getFault("dropped-seed") !== undefined) return kept
  if (exchange.getFault("changed-seed") !== undefined) return { ...kept, seed: changeSeed(seed) }
  if (seed !== undefined) return { ...kept, seed }
  return exchange.getFault("own-seed") === undefined ? kept : { ...kept, seed: makeOwnSeed(exchange) }
}

const rewriteInput = (exchange: Exchange, input: JsonObject): JsonObject => {
  const fault = exchange.getFault("rewritten-input")
  const name = fault?.value ?? "width"
  const value = input[name]
  if (fault === undefined || value === undefined) return input
  return { ...input, [name]: typeof value === "number" ? Math.ceil(value / 64) * 64 : Number(value) }
}

const changeSeed = (seed: Json | undefined): Json =>
  typeof seed === "string" ? String(Number(seed) + 1) : typeof seed === "number" ? seed + 1 : 1

const makeOwnSeed = ({ world }: Exchange): number =>
  hashText(`${world.settings.seed}/own/${world.jobs.all().length}`) % 2147483647

/** Reports all problems as violations, and throws the first one. */
export const refuseProblems = (exchange: Exchange, problems: ReadonlyArray<string>): void => {
  for (const problem of problems) exchange.addViolation(problem)
  const first = problems[0]
  if (first !== undefined) throw refuse(400, first)
}

const dataUrl = /^data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*$/

/** Returns the assets among the values. Each value must be a data URL or the ID of an existing asset. */
export const findFiles = (exchange: Exchange, values: ReadonlyArray<string>): ReadonlyArray<AssetRecord> =>
  values.flatMap((value) => {
    if (dataUrl.test(value)) return []
    const asset = exchange.world.assets.find(value)
    if (asset === undefined) {
      exchange.addViolation(`"${value.slice(0, 60)}" is neither the ID of an asset nor a data URL`)
      throw refuse(404, `Asset ${value.slice(0, 60)} not found`)
    }
    return [asset]
  })
