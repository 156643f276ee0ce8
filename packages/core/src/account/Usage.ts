import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { maxUsageDays } from "../api/limits.ts"
import { readUsageReport, type UsageReport } from "../api/Usage.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkDate, type Checked, checkValue, requireAll } from "../checkArguments.ts"

export interface UsageOptions {
  /** ISO date. With `endDate`, which is at most 120 days later, it overrides `timeRange`. Default: `timeRange`. */
  readonly startDate?: string | undefined
  /** ISO date. Default: `timeRange`. */
  readonly endDate?: string | undefined
  /** One of the API's names for a range. Default: the API's own. */
  readonly timeRange?: string | undefined
  /** What to report: `usages`, `consumption`, `activity`. Default: all. */
  readonly types?: ReadonlyArray<string> | undefined
  /** Default: all users. */
  readonly userIds?: ReadonlyArray<string> | undefined
  /** Default: all projects. */
  readonly projectIds?: ReadonlyArray<string> | undefined
  /** How many activities to skip. The API returns 100 at a time. Default 0. */
  readonly activityOffset?: number | undefined
}

/** What the account has used. */
export class Usage extends Context.Service<
  Usage,
  {
    /** Gets what the account has used. */
    get(options?: UsageOptions): Effect.Effect<UsageReport, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Usage") {
  /** @internal */
  static readonly layer: Layer.Layer<Usage, never, ScenarioHttp> = Layer.effect(
    Usage,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp

  const get = Effect.fn("scenario.usage.get")(function* (options: UsageOptions = {}) {
    yield* requireAll(...checkOptions(options))
    const { startDate, endDate, timeRange, types, userIds, projectIds, activityOffset } = options
    return yield* http.callFor(
      {
        method: "GET",
        path: "/usages",
        query: {
          startDate,
          endDate,
          timeRange,
          type: types?.join(","),
          userIds: userIds?.join(","),
          projectIds: projectIds?.join(","),
          activityOffset,
        },
      },
      readUsageReport,
    )
  })

  return Usage.of({ get })
})

const dayMs = 24 * 60 * 60 * 1000

const checkOptions = ({ startDate, endDate, activityOffset }: UsageOptions): ReadonlyArray<Checked> => {
  const days = (Date.parse(endDate ?? "") - Date.parse(startDate ?? "")) / dayMs
  return [
    checkDate("startDate", startDate),
    checkDate("endDate", endDate),
    (startDate === undefined) === (endDate === undefined)
      ? undefined
      : {
          path: startDate === undefined ? "startDate" : "endDate",
          message: "Missing. Pass both startDate and endDate, or neither.",
        },
    checkValue("endDate", endDate, "a date after startDate", !(days <= 0)),
    checkValue(
      "endDate",
      endDate,
      `a date at most ${maxUsageDays} days after startDate`,
      !(days > maxUsageDays),
    ),
    checkValue(
      "activityOffset",
      activityOffset,
      "a whole number, 0 or more",
      activityOffset === undefined || (Number.isInteger(activityOffset) && activityOffset >= 0),
    ),
  ]
}
