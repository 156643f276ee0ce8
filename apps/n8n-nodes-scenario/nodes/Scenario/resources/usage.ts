import { Usage } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Operation, Resource } from "../Operation.ts"
import { plainJson } from "../output/plainJson.ts"
import { textOf } from "../values.ts"
import { filtersField } from "../fields/lists.ts"

const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get the usage",
  description: "What the account has used, and what it cost",
  fields: [
    filtersField([
      {
        displayName: "End Date",
        name: "endDate",
        type: "dateTime",
        default: "",
        description: "Needs a start date too",
      },
      {
        displayName: "Start Date",
        name: "startDate",
        type: "dateTime",
        default: "",
        description: "Needs an end date too",
      },
    ]),
  ],
  run: (item) =>
    Effect.map(
      Usage.use((usage) =>
        usage.get({ startDate: textOf(item.filter("startDate")), endDate: textOf(item.filter("endDate")) }),
      ),
      (report) => [{ json: plainJson(report) }],
    ),
}

export const usage: Resource = {
  value: "usage",
  name: "Usage",
  description: "What the account has used",
  operations: [get],
  first: get,
}
