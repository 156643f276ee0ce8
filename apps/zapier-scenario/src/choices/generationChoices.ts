import { type Job, JobList, type Page } from "@scenario-automation/core"
import { isGeneration } from "@scenario-automation/core/host"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { readPrompt } from "../outputs/generationOutput.ts"
import { toIsoDate } from "../outputs/toIsoDate.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import type { ChoicePage } from "./twoLists.ts"

/** The latest generations. Uploads, downloads, and trainings are jobs, but not generations. */
export const listGenerations = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(z, bundle, readChoices(bundle.meta.paging_token).pipe(withinStep(startStepBudget())))

/** Skips pages without a generation, because the dropdown would open empty. */
const readChoices = Effect.fnUntraced(function* (firstToken: string | undefined) {
  const jobs = yield* JobList
  let paginationToken = firstToken
  for (let pages = 1; ; pages++) {
    const { items, nextToken }: Page<Job> = yield* jobs.page({ paginationToken, pageSize: 100 })
    const results = items.filter(isGeneration).map((job) => ({ id: job.jobId, label: describeJob(job) }))
    if (results.length > 0 || nextToken === undefined || pages >= maxPages) {
      const page: ChoicePage = { results, paging_token: nextToken ?? null }
      return page
    }
    paginationToken = nextToken
  }
})

const maxPages = 5

const describeJob = (job: Job): string => {
  const what = readPrompt(job)?.slice(0, 60) ?? job.jobType
  const when = toIsoDate(job.createdAt)?.slice(0, 16).replace("T", " ")
  return `${what} (${job.status}${when === undefined ? "" : `, ${when} UTC`})`
}
