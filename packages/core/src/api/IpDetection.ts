import * as Predicate from "effect/Predicate"
import { describeBody } from "./ErrorBody.ts"
import { amount, text } from "./readers.ts"

/** What Scenario's detection of protected content found in a request. */
export interface IpDetection {
  /** `allowed`, `flagged` (it ran anyway), `blocked` (it didn't run), or an unknown action. */
  readonly action: string
  /** Compute units that the detection cost, in addition to the generation. */
  readonly charged: number
  /** As Scenario returns them. Their format isn't documented. */
  readonly findings: ReadonlyArray<unknown>
}

/** Reads the detection from the response to a submit or a dry run; `undefined` if it wasn't asked for. */
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

/** Describes why the detection blocked a request; `undefined` if it didn't. */
export const describeBlock = (body: unknown): string | undefined => {
  const detection = readIpDetection(body)
  if (detection?.action !== "blocked") return undefined
  const { charged, findings } = detection
  const what = findings.length === 0 ? "" : `: ${describeBody(findings)}`
  return `Scenario's IP detection blocked the request, so nothing was generated (the detection cost ${charged} compute units)${what}`
}
