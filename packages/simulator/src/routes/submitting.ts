import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { toConcurrencyError } from "../http/applyFault.ts"
import { refuse, Refusal } from "../http/Refusal.ts"
import type { Json, JsonObject } from "../json.ts"
import { hashText } from "../seeded.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"

// What every paid request goes through.

/** 269 with the price: what a dry run answers [OAS, BL]. */
export const toPriceResponse = (price: number): ApiResponse => ({
  status: 269,
  body: { creativeUnitsCost: price, creativeUnitsDiscount: 0, costDetails: {} },
})

/** What a submit costs, and the ceilings that it counts against, by the name that a 429 gives them. */
interface SubmitTerms {
  readonly price: number
  readonly actionName: string
  readonly jobKind: "custom" | "workflow" | "endpoint"
}

/** Answers a dry run with the price, and runs anything else, unless a ceiling or the IP detection is in its way. */
export const priceOrRun = (exchange: Exchange, terms: SubmitTerms, run: () => JsonObject): ApiResponse => {
  if (!exchange.isDryRun) checkCeilings(exchange, terms)
  const detection = detectIp(exchange)
  if (exchange.isDryRun) {
    const { status, body } = toPriceResponse(terms.price)
    return { status, body: { ...body, ...detection?.body } }
  }
  // What a blocked run answers isn't documented: here it has no job, and costs the fee.
  if (detection?.isBlocked === true) return ok({ creativeUnitsCost: 0, ...detection.body })
  return ok({ ...run(), ...detection?.body })
}

/** The fee of the IP detection in Compute Units, charged beside the price, on a dry run too [IA]. */
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

/** A member `dryRun` in the body does nothing: the job runs and is paid for [BL]. */
export const noteBodyDryRun = (exchange: Exchange): void => {
  if (exchange.getObjectBody()["dryRun"] !== undefined) {
    exchange.addViolation("dryRun belongs in the query; in the body it is ignored and the job is paid for")
  }
}

/** 429 where as many jobs run as the account may have: of all kinds, of custom ones, of workflows [DOC, SK]. */
const checkCeilings = (exchange: Exchange, { actionName, jobKind }: SubmitTerms): void => {
  const { jobs, settings } = exchange.world
  const { concurrencyLimit, parallelCustomJobs, parallelWorkflows } = settings
  const check = (name: string, limit: number | undefined, running: () => number): void => {
    if (limit !== undefined && running() >= limit) throw new Refusal(429, toConcurrencyError(name, limit))
  }
  check(actionName, concurrencyLimit, () => jobs.running())
  if (jobKind === "custom") check("parallel-custom-jobs", parallelCustomJobs, () => jobs.running("custom"))
  if (jobKind === "workflow") check("parallel-workflows", parallelWorkflows, () => jobs.running("workflow"))
}

/** What the job will echo of its inputs, and from when on it is listed, by the faults that hit the submit. */
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

/** Throws the first problem as the API words it, and notes them all. */
export const refuseProblems = (exchange: Exchange, problems: ReadonlyArray<string>): void => {
  for (const problem of problems) exchange.addViolation(problem)
  const first = problems[0]
  if (first !== undefined) throw refuse(400, first)
}

const dataUrl = /^data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*$/

/** Each has to be a data URL or the id of an asset that exists [OAS]; returns the assets. */
export const findFiles = (exchange: Exchange, values: ReadonlyArray<string>): ReadonlyArray<AssetRecord> =>
  values.flatMap((value) => {
    if (dataUrl.test(value)) return []
    const asset = exchange.world.assets.find(value)
    if (asset === undefined) {
      exchange.addViolation(`"${value.slice(0, 60)}" is neither an asset's id nor a data URL`)
      throw refuse(404, `Asset ${value.slice(0, 60)} not found`)
    }
    return [asset]
  })
