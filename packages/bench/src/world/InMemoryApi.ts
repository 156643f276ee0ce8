import { getProgress, type ProgressStyle } from "./getProgress.ts"
import { assumptions, type PlannedJob } from "./workload.ts"

interface ServedJob {
  readonly jobId: string
  readonly modelId: string
  readonly createdAt: number
  readonly endsAt: number
  readonly isOurs: boolean
}

interface ApiOptions {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly progress?: ProgressStyle
  /** Default: no limit. */
  readonly requestsPerMinute?: number | undefined
}

const windowMs = 60_000

/** The part of Scenario's API that a wait uses, without sockets: its JSON, a round trip, and a rate limit. */
export class InMemoryApi {
  /** When each request arrived, epoch milliseconds. */
  readonly arrivals: Array<number> = []
  readonly counts = { poll: 0, list: 0, asset: 0, bulk: 0, submit: 0, refused: 0 }
  readonly #options: ApiOptions
  readonly #jobs = new Map<string, ServedJob>()
  /** Oldest first. */
  readonly #list: Array<ServedJob> = []
  #admitted: Array<number> = []
  #planned: Array<PlannedJob> = []

  constructor(options: ApiOptions) {
    this.#options = options
  }

  get requests(): number {
    return this.arrivals.length
  }

  add(job: { modelId: string; durationMs: number; createdAt?: number; isOurs?: boolean }): string {
    const createdAt = job.createdAt ?? this.#options.now()
    const jobId = `job_${this.#list.length}`
    const served: ServedJob = {
      jobId,
      modelId: job.modelId,
      createdAt,
      endsAt: createdAt + job.durationMs,
      isOurs: job.isOurs ?? true,
    }
    this.#jobs.set(jobId, served)
    this.#list.push(served)
    return jobId
  }

  /** Sets the durations of the jobs that submits will create: each gets the next one of its model. */
  plan(jobs: ReadonlyArray<PlannedJob>): void {
    this.#planned = [...jobs]
  }

  getEndTime(jobId: string): number {
    return this.#jobs.get(jobId)?.endsAt ?? 0
  }

  /** The most requests that arrived in any 60 seconds. */
  busiestMinute(): number {
    let first = 0
    let most = 0
    this.arrivals.forEach((at, index) => {
      while ((this.arrivals[first] ?? at) <= at - windowMs) first += 1
      most = Math.max(most, index - first + 1)
    })
    return most
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const method = init?.method ?? "GET"
    const body = typeof init?.body === "string" ? init.body : await new Response(init?.body ?? "").text()
    await this.#options.sleep(assumptions.roundTripMs / 2)
    const { status, json } = this.#answer(method, url, body)
    const date = new Date(this.#options.now()).toUTCString()
    await this.#options.sleep(assumptions.roundTripMs / 2)
    return Response.json(json, { status, headers: { date } })
  }

  #answer(method: string, url: URL, body: string): { status: number; json: object } {
    const now = this.#options.now()
    this.arrivals.push(now)
    if (!this.#admit(now)) {
      this.counts.refused += 1
      return { status: 429, json: { reason: "Too many requests" } }
    }
    const path = url.pathname.replace(/^\/v1/, "")
    if (path.startsWith("/generate/")) return this.#submit(body, now)
    if (path === "/jobs") return { status: 200, json: this.#page(url.searchParams, now) }
    if (path.startsWith("/jobs/")) return this.#one(path.slice("/jobs/".length), now)
    if (path === "/assets/get-bulk") {
      this.counts.bulk += 1
      const { assetIds }: { assetIds: ReadonlyArray<string> } = JSON.parse(body)
      return { status: 200, json: { assets: assetIds.map(toAsset) } }
    }
    if (path.startsWith("/assets/")) {
      this.counts.asset += 1
      return { status: 200, json: { asset: toAsset(path.slice("/assets/".length)) } }
    }
    return { status: 404, json: { reason: `nothing at ${method} ${path}` } }
  }

  #admit(now: number): boolean {
    const limit = this.#options.requestsPerMinute
    if (limit === undefined) return true
    this.#admitted = this.#admitted.filter((at) => at > now - windowMs)
    if (this.#admitted.length >= limit) return false
    this.#admitted.push(now)
    return true
  }

  #submit(body: string, now: number): { status: number; json: object } {
    this.counts.submit += 1
    const { modelId }: { modelId: string } = JSON.parse(body)
    const index = this.#planned.findIndex((job) => job.modelId === modelId)
    const [planned] = this.#planned.splice(Math.max(0, index), 1)
    const jobId = this.add({ modelId, durationMs: planned?.durationMs ?? 0 })
    const job = this.#jobs.get(jobId)
    return { status: 200, json: { job: job === undefined ? {} : this.#view(job, now), creativeUnitsCost: 5 } }
  }

  #one(jobId: string, now: number): { status: number; json: object } {
    this.counts.poll += 1
    const job = this.#jobs.get(decodeURIComponent(jobId))
    return job === undefined
      ? { status: 404, json: { reason: `Job ${jobId} not found` } }
      : { status: 200, json: { job: this.#view(job, now) } }
  }

  /** Newest first. A token holds the position of the last job, so that new jobs don't shift the next page. */
  #page(query: URLSearchParams, now: number): object {
    this.counts.list += 1
    const size = Number(query.get("pageSize") ?? 10)
    const token = query.get("paginationToken")
    const isFinishedOnly = query.get("status") === "success"
    const authorId = query.get("authorId")
    const jobs: Array<ServedJob> = []
    let index = (token === null ? this.#list.length : Number(token.slice("after-".length))) - 1
    for (; index >= 0 && jobs.length < size; index--) {
      const job = this.#list[index]
      if (job === undefined || (isFinishedOnly && job.endsAt > now)) continue
      if (authorId === null || authorId === getAuthor(job)) jobs.push(job)
    }
    return {
      jobs: jobs.map((job) => this.#view(job, now)),
      ...(index >= 0 ? { nextPaginationToken: `after-${index + 1}` } : {}),
    }
  }

  #view(job: ServedJob, now: number): object {
    const isDone = now >= job.endsAt
    const iso = (at: number) => new Date(at).toISOString()
    const begun = [
      { status: "queued", date: iso(job.createdAt) },
      { status: "in-progress", date: iso(job.createdAt) },
    ]
    return {
      jobId: job.jobId,
      jobType: "custom",
      status: isDone ? "success" : "in-progress",
      progress: isDone
        ? 1
        : getProgress(this.#options.progress ?? "none", (now - job.createdAt) / (job.endsAt - job.createdAt)),
      createdAt: iso(job.createdAt),
      updatedAt: iso(Math.min(now, job.endsAt)),
      authorId: getAuthor(job),
      statusHistory: isDone ? [...begun, { status: "success", date: iso(job.endsAt) }] : begun,
      billing: { cuCost: 5 },
      metadata: {
        modelId: job.modelId,
        input: { prompt: "a red house by the sea, in the evening", seed: 1 },
        assetIds: isDone ? [`asset_${job.jobId}`] : [],
      },
    }
  }
}

const getAuthor = (job: ServedJob): string => (job.isOurs ? "user_ours" : "user_other")

const toAsset = (assetId: string): object => ({
  id: assetId,
  url: `https://cdn.example/assets/${assetId}?p=100`,
  mimeType: "image/png",
  status: "success",
  metadata: { type: "inference" },
  properties: { size: 1000 },
})
