import { type Job, JobList } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { isoDate } from "../outputs/isoDate.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import type { ChoicePage } from "./twoLists.ts"

/** The account's generations, the latest first. */
export const generationChoices = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(JobList, (jobs) =>
      jobs.page({ paginationToken: bundle.meta.paging_token, pageSize: 100 }),
    ).pipe(
      withinStep(startStepClock()),
      Effect.map(({ items, nextToken }) => ({
        results: items.map((job) => ({ id: job.jobId, label: labelOf(job) })),
        paging_token: nextToken ?? null,
      })),
    ),
  )

const labelOf = (job: Job): string => {
  const prompt = job.input?.["prompt"]
  const what = typeof prompt === "string" && prompt !== "" ? prompt.slice(0, 60) : job.jobType
  const when = isoDate(job.createdAt)?.slice(0, 16).replace("T", " ")
  return `${what} (${job.status}${when === undefined ? "" : `, ${when} UTC`})`
}
