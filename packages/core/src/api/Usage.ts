import { amount, anyRecord, boolean, finite, makeListReader, makeObjectReader, text } from "./readers.ts"

/** An amount over time. */
export interface UsageSeries {
  /** `creative-unit-cost` (compute units), `images-generation`, `upscale`, … */
  readonly name: string
  /** The time between two points: `1m`, `5m`, `15m`, `30m`, `1h`, or `1d`. */
  readonly granularity?: string | undefined
  /** `time` is an ISO date. */
  readonly points: ReadonlyArray<{ readonly time: string; readonly value: number }>
}

/** What a user or an API key has used. */
export interface Consumption {
  readonly userId: string
  /** Compute units. */
  readonly value: number
  readonly isApiKey?: boolean | undefined
  /** The user's name, or the key's ID. */
  readonly userName?: string | undefined
}

/** An action of a user or an API key. */
export interface Activity {
  /** ISO date. */
  readonly time: string
  /** `txt2img`, `upscale`, `delete-asset`, … */
  readonly action: string
  /** Compute units, if it cost any. */
  readonly cost?: number | undefined
  readonly projectId?: string | undefined
  readonly userId?: string | undefined
  /** The object of the action, as the API describes it. */
  readonly data: Readonly<Record<string, unknown>>
}

/** What the account has used. The API doesn't return what is left. */
export interface UsageReport {
  readonly series: ReadonlyArray<UsageSeries>
  /** The largest first. */
  readonly consumption: ReadonlyArray<Consumption>
  /** Newest first, 100 at a time. */
  readonly activity: ReadonlyArray<Activity>
}

const readPoint = makeObjectReader({}, { time: text, value: amount })
const readUser = makeObjectReader({ isApiKey: boolean, apiKeyId: text, fullName: text })

const readWireUsage = makeObjectReader({
  usages: makeListReader(
    makeObjectReader({ granularity: text, points: makeListReader(readPoint) }, { usageName: text }),
  ),
  consumption: makeListReader(makeObjectReader({ userData: readUser }, { userId: text, value: amount })),
  activity: makeListReader(
    makeObjectReader(
      { creativeUnitsCost: finite, projectId: text, userId: text, data: anyRecord },
      { time: text, action: text },
    ),
  ),
})

/** Reads the response of `GET /usages`; `undefined` if it isn't an object. */
export const readUsageReport = (body: unknown): UsageReport | undefined => {
  const wire = readWireUsage(body)
  if (wire === undefined) return undefined
  return {
    series: (wire.usages ?? []).map(({ usageName, granularity, points }) => ({
      name: usageName,
      granularity,
      points: points ?? [],
    })),
    consumption: (wire.consumption ?? []).map(({ userId, value, userData }) => ({
      userId,
      value,
      isApiKey: userData?.isApiKey,
      userName: userData?.fullName ?? userData?.apiKeyId,
    })),
    activity: (wire.activity ?? []).map(({ time, action, creativeUnitsCost, projectId, userId, data }) => ({
      time,
      action,
      cost: creativeUnitsCost,
      projectId,
      userId,
      data: data ?? {},
    })),
  }
}
