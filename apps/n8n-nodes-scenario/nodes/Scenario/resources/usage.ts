import { Usage } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Operation, Resource } from "../Operation.ts"
import { toPlainJson } from "../output/toJson.ts"
import { toText } from "../values.ts"
import { makeFiltersField } from "../fields/lists.ts"

const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get usage and costs",
  description: "Get the account's usage and costs",
  fields: [
    makeFiltersField([
      {
        displayName: "End Date",
        name: "endDate",
        type: "dateTime",
        default: "",
        description: "Requires a start date",
      },
      {
        displayName: "Start Date",
        name: "startDate",
        type: "dateTime",
        default: "",
        description: "Requires an end date",
      },
    ]),
  ],
  run: (item) =>
    Effect.map(
      Usage.use((usage) =>
        usage.get({ startDate: toText(item.filter("startDate")), endDate: toText(item.filter("endDate")) }),
      ),
      (report) => [{ json: toPlainJson(report) }],
    ),
}

export const usage: Resource = {
  value: "usage",
  name: "Usage",
  description: "Compute units used by the account",
  operations: [get],
  first: get,
}
