import { isGeneration, type Job, JobList } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { readPrompt } from "../outputs/generationOutput.ts"
import { isoDate } from "../outputs/isoDate.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import type { ChoicePage } from "./twoLists.ts"

/** The account's generations, the latest first. Uploads, downloads, and trainings are jobs, but not generations. */
export const generationChoices = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(JobList, (jobs) =>
      jobs.page({ paginationToken: bundle.meta.paging_token, pageSize: 100 }),
    ).pipe(
      withinStep(startStepClock()),
      Effect.map(({ items, nextToken }) => ({
        results: items.filter(isGeneration).map((job) => ({ id: job.jobId, label: labelOf(job) })),
        paging_token: nextToken ?? null,
      })),
    ),
  )

const labelOf = (job: Job): string => {
  const what = readPrompt(job)?.slice(0, 60) ?? job.jobType
  const when = isoDate(job.createdAt)?.slice(0, 16).replace("T", " ")
  return `${what} (${job.status}${when === undefined ? "" : `, ${when} UTC`})`
}
