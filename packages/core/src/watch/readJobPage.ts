import { Predicate } from "effect"
import { type Job, readJob } from "../api/Job.ts"
import { elements } from "../api/readers.ts"
import { readPage } from "../http/pages.ts"
import type { PageReading } from "./JobPages.ts"

/** A page of jobs. Only wanted ones are decoded, because most of a list is of no interest. */
export interface JobPageAnswer extends PageReading {
  readonly jobs: ReadonlyArray<Job>
  /** Of all rows, in the page's order. */
  readonly jobIds: ReadonlyArray<string>
  /** Likewise; empty if a row doesn't say. */
  readonly authorIds: ReadonlyArray<string>
}

export const readJobPage =
  (isWanted: (jobId: string, status: string) => boolean) =>
  (body: unknown): JobPageAnswer | undefined => {
    const page = readPage("jobs", (item) => (Predicate.isObject(item) ? item : undefined))(body)
    if (page === undefined) return undefined
    const jobIds = page.items.map((item) => readText(item, "jobId") || readText(item, "id"))
    const wanted = page.items.filter((item, index) => isWanted(jobIds[index] ?? "", readText(item, "status")))
    return {
      jobs: elements(wanted.map(readJob)),
      jobIds,
      authorIds: page.items.map((item) => readText(item, "authorId")),
      createdAt: page.items.map((item) => Date.parse(readText(item, "createdAt"))),
      nextToken: page.nextToken,
    }
  }

const readText = (item: object, field: string): string => {
  const value: unknown = Reflect.get(item, field)
  return typeof value === "string" ? value : ""
}
