import { InvalidInput, type JobRef } from "@scenario-automation/core"
import { decodeJobRef } from "@scenario-automation/core/host"
import { Effect, Predicate } from "effect"
import { readStdin } from "./readStdin.ts"

/** Reads the jobs that the arguments name: by ID, or `-` for those on stdin. Repeated jobs are dropped. */
export const readJobRefs = Effect.fn("readJobRefs")(function* (
  typed: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyArray<JobRef>, InvalidInput> {
  const named = yield* Effect.forEach(typed, (word) =>
    word === "-" ? readStdinJobs : Effect.succeed([word]),
  )
  const jobs = yield* Effect.forEach(named.flat(), (job) =>
    Effect.mapError(decodeJobRef(job), (invalid) => (typeof job === "string" ? notJobId(job) : invalid)),
  )
  return [...new Map(jobs.map((job) => [job.jobId, job])).values()]
})

const readStdinJobs = Effect.flatMap(readStdin, (bytes) => {
  const text = bytes.toString("utf8").trim()
  const jobs = /^[[{]/.test(text) ? findJobs(readJson(text)) : text.split(/\s+/).filter((id) => id !== "")
  return jobs.length > 0 ? Effect.succeed(jobs) : Effect.fail(noJobs())
})

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Finds the jobs in a document that `--json` printed. */
const findJobs = (document: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(document)) return document.flatMap(findJobs)
  if (!Predicate.isObject(document)) return []
  if ("jobId" in document) return [document]
  const { job, jobs, results, intents }: Readonly<Record<string, unknown>> = { ...document }
  return [job, jobs, results, intents].flatMap(findJobs)
}

const notJobId = (typed: string): InvalidInput =>
  new InvalidInput({
    issues: [
      { path: "jobId", message: `Expected the ID of a job, such as job_123, got ${JSON.stringify(typed)}.` },
    ],
  })

const noJobs = (): InvalidInput =>
  new InvalidInput({
    issues: [
      { path: "stdin", message: "Stdin contains no job IDs. Pipe in job IDs, or the output of --json." },
    ],
  })
