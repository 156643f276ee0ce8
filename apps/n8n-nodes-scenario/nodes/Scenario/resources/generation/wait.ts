import { waitOptions } from "../../fields/options.ts"
import { jobIdField } from "../../fields/target.ts"
import { waitForItem } from "../../generating.ts"
import type { Operation } from "../../Operation.ts"

export const wait: Operation = {
  value: "wait",
  name: "Wait",
  action: "Wait for a generation",
  description: "Wait for a job to finish and download its files",
  fields: [jobIdField, waitOptions],
  run: (item) => waitForItem(item, { jobId: item.text("jobId") }),
}
