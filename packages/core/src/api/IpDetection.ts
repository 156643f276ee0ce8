import * as Predicate from "effect/Predicate"
import { describeBody } from "./ErrorBody.ts"
import { amount, text } from "./readers.ts"

/** What Scenario found when it looked for protected content in a request. */
export interface IpDetection {
  /** `allowed`, `flagged` (it ran all the same) or `blocked` (it didn't run). Open. */
  readonly action: string
  /** Compute units that the detection cost, beside the price of the generation. */
  readonly charged: number
  /** As Scenario gives them; their form isn't documented. */
  readonly findings: ReadonlyArray<unknown>
}

/** Reads the detection in the response to a submit or a dry run; `undefined` if none was made. */
export const readIpDetection = (body: unknown): IpDetection | undefined => {
  const found: unknown = Predicate.hasProperty(body, "ipDetection") ? body.ipDetection : undefined
  if (!Predicate.isObject(found)) return undefined
  const findings: unknown = Reflect.get(found, "findings")
  return {
    action: (text(Reflect.get(found, "action")) ?? "unknown").toLowerCase(),
    charged: Math.max(0, amount(Reflect.get(found, "creativeUnitsCharged")) ?? 0),
    findings: Array.isArray(findings) ? findings : [],
  }
}

/** Says that the detection has blocked a request; `undefined` if it hasn't. */
export const describeBlock = (body: unknown): string | undefined => {
  const detection = readIpDetection(body)
  if (detection?.action !== "blocked") return undefined
  const { charged, findings } = detection
  const what = findings.length === 0 ? "" : `: ${describeBody(findings)}`
  return `Scenario's IP detection blocked the request, so nothing was generated (the detection was charged ${charged} compute units)${what}`
}
