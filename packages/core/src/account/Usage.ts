import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readUsageReport, type UsageReport } from "../api/Usage.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { aDate, type Requirement, requireAll } from "./argument.ts"

export interface UsageOptions {
  /** ISO dates, both or neither, at most 120 days apart. They go before `timeRange`. */
  readonly startDate?: string | undefined
  readonly endDate?: string | undefined
  /** A range by the API's own names. Default: the API's own. */
  readonly timeRange?: string | undefined
  /** What to report: `usages`, `consumption`, `activity`. Default: all. */
  readonly types?: ReadonlyArray<string> | undefined
  /** Default: everybody. */
  readonly userIds?: ReadonlyArray<string> | undefined
  /** Default: all projects. */
  readonly projectIds?: ReadonlyArray<string> | undefined
  /** Activities to skip, from 0: they come 100 at a time. */
  readonly activityOffset?: number | undefined
}

/** What the account has used. */
export class Usage extends Context.Service<
  Usage,
  { get(options?: UsageOptions): Effect.Effect<UsageReport, ApiError | InvalidInput> }
>()("@scenario-automation/core/Usage") {
  static readonly layer: Layer.Layer<Usage, never, ScenarioHttp> = Layer.effect(
    Usage,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp

      const get = Effect.fn("Usage.get")(function* (options: UsageOptions = {}) {
        yield* requireAll(...getRequirements(options))
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
    }),
  )
}

const maxRangeDays = 120
const dayMs = 24 * 60 * 60 * 1000

const getRequirements = ({
  startDate,
  endDate,
  activityOffset,
}: UsageOptions): ReadonlyArray<Requirement> => {
  const days = (Date.parse(endDate ?? "") - Date.parse(startDate ?? "")) / dayMs
  return [
    aDate("startDate", startDate),
    aDate("endDate", endDate),
    [
      "endDate",
      endDate,
      "both startDate and endDate, or neither",
      (startDate === undefined) === (endDate === undefined),
    ],
    // Where a date cannot be read, that is said above.
    ["endDate", endDate, "a date after startDate", Number.isNaN(days) || days > 0],
    [
      "endDate",
      endDate,
      `a date at most ${maxRangeDays} days after startDate`,
      Number.isNaN(days) || days <= maxRangeDays,
    ],
    [
      "activityOffset",
      activityOffset,
      "a whole number from 0",
      activityOffset === undefined || (Number.isInteger(activityOffset) && activityOffset >= 0),
    ],
  ]
}
