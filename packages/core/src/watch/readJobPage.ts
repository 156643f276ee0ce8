import * as Predicate from "effect/Predicate"
import { type Job, readJob } from "../api/Job.ts"
import { anyRecord, dateText, compact, idText, text } from "../api/readers.ts"
import { readPage } from "../http/pages.ts"
import type { PageReading } from "./JobPages.ts"

/** A page of jobs. Only wanted ones are decoded, because most of a list is of no interest. */
export interface JobPageResponse extends PageReading {
  readonly jobs: ReadonlyArray<Job>
  /** Of all rows, in the page's order. */
  readonly jobIds: ReadonlyArray<string>
  /** Likewise; empty if a row doesn't say. */
  readonly authorIds: ReadonlyArray<string>
}

export const readJobPage =
  (isWanted: (jobId: string, status: string) => boolean) =>
  (body: unknown): JobPageResponse | undefined => {
    const page = readPage("jobs", readRow)(body)
    if (page === undefined) return undefined
    const jobIds = page.items.map(({ jobId, id }) => idText(jobId) ?? idText(id) ?? "")
    const wanted = page.items.filter(({ status }, index) => isWanted(jobIds[index] ?? "", text(status) ?? ""))
    return {
      jobs: compact(wanted.map(readJob)),
      jobIds,
      authorIds: page.items.map(({ authorId }) => text(authorId) ?? ""),
      createdAt: page.items.map(({ createdAt }) => Date.parse(dateText(createdAt) ?? "")),
      nextToken: page.nextToken,
    }
  }

/** A job's row. It may be wrapped in `job`, as the response for one job is. */
const readRow = (row: unknown): Readonly<Record<string, unknown>> | undefined =>
  (Predicate.hasProperty(row, "job") ? anyRecord(row.job) : undefined) ?? anyRecord(row)
