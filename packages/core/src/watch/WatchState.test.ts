import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assert } from "vitest"
import { type Job, readJob } from "../api/Job.ts"
import { DurationHistory } from "../durations/DurationHistory.ts"
import { ApiError } from "../errors.ts"
import type { Poll } from "./choosePoll.ts"
import { readJobPage } from "./readJobPage.ts"
import type { JobPosition } from "./JobPages.ts"
import { Wait } from "./Wait.ts"
import type { WaitEvent } from "./WaitEvent.ts"
import { type PollResult, WatchState } from "./WatchState.ts"

const day = 86_400_000
/** Scenario's clock at monotonic time 0. */
const beginning = Date.parse("2026-11-01T00:00:00Z")

/** A list of jobs in memory, and a watcher's state that is driven by hand. */
class World {
  now = 0
  readonly state: WatchState
  readonly events = new Map<string, WaitEvent>()
  readonly requests = { single: 0, page: 0 }
  /** The oldest first. */
  readonly #jobs: Array<{ readonly jobId: string; readonly createdAt: number; readonly endsAt: number }> = []

  constructor(history: DurationHistory["Service"]) {
    this.state = new WatchState({ history, requestsPerMinute: 100, maxPageSize: () => 200 })
  }

  get moment() {
    return { now: this.now, serverNow: beginning + this.now, random: 0.5 }
  }

  addJob(durationMs: number): string {
    const jobId = `job_${this.#jobs.length}`
    this.#jobs.push({ jobId, createdAt: this.now, endsAt: this.now + durationMs })
    return jobId
  }

  waitFor(jobId: string, timeoutMs = 2 * 3_600_000, modelId = "model_a"): Wait {
    const submittedAt = new Date(beginning + this.now).toISOString()
    const wait = new Wait({
      job: { jobId, submittedAt, modelId },
      isWatched: false,
      now: this.now,
      timeoutMs,
    })
    wait.listener = (event) => this.events.set(jobId, event)
    this.state.plan(wait, this.moment)
    this.state.add(wait)
    return wait
  }

  /** Does all that is due until then, with responses that come at once. */
  runUntil(until: number, respond: (poll: Poll) => PollResult = this.respond): void {
    for (let steps = 0; steps < 100_000; steps++) {
      const action = this.state.next(this.now)
      if (action._tag === "Sleep") {
        if (action.until > until) {
          this.now = until
          return
        }
        this.now = Math.max(this.now, action.until)
        continue
      }
      this.state.onStart(action, this.now)
      this.state.onSent(action)
      this.now += 700
      this.state.onResult(action, respond(action), this.moment)
    }
    throw new Error("the watcher does not come to rest")
  }

  readonly respond = (poll: Poll): PollResult => {
    if (poll._tag === "Single") {
      this.requests.single += 1
      return { _tag: "Job", job: this.#read(Number(poll.wait.job.jobId.slice("job_".length))) }
    }
    this.requests.page += 1
    const token = poll._tag === "Page" ? poll.page.token : undefined
    const last = token === undefined ? this.#jobs.length : Number(token)
    const first = Math.max(0, last - 200)
    const rows = Array.from({ length: last - first }, (_, index) => this.#view(last - 1 - index))
    const response = readJobPage(this.state.list.isWanted)({
      jobs: rows,
      ...(first > 0 ? { nextPaginationToken: `${first}` } : {}),
    })
    if (response === undefined) throw new Error("not a page")
    return { _tag: "Page", response }
  }

  #read(index: number): Job {
    const job = readJob(this.#view(index))
    if (job === undefined) throw new Error("not a job")
    return job
  }

  #view(index: number): object {
    const job = this.#jobs[index]
    const isDone = job !== undefined && this.now >= job.endsAt
    const iso = (at: number) => new Date(beginning + at).toISOString()
    return {
      jobId: job?.jobId,
      jobType: "custom",
      status: isDone ? "success" : "in-progress",
      createdAt: iso(job?.createdAt ?? 0),
      updatedAt: iso(Math.min(this.now, job?.endsAt ?? 0)),
      metadata: { modelId: "model_a", assetIds: isDone ? ["asset_1"] : [] },
    }
  }
}

const inWorld = (title: string, test: (world: World) => void, timeout?: number) =>
  it.effect(
    title,
    () =>
      DurationHistory.use((history) => Effect.sync(() => test(new World(history)))).pipe(
        Effect.provide(DurationHistory.layer),
      ),
    timeout,
  )

const unavailable = new ApiError({
  reason: { _tag: "Unavailable", detail: "down", status: 503 },
  request: "GET /jobs",
})

describe("a week of jobs", () => {
  inWorld(
    "leaves pages, waits and decisions as few as after its first day",
    (world) => {
      let maxPages = 0
      let created = 0
      const pagesOfDay: Array<number> = []
      const requestsOfDay: Array<number> = []
      for (let today = 1; today <= 7; today++) {
        const before = world.requests.page + world.requests.single
        maxPages = 0
        while (world.now < today * day) {
          // Eight at once every ten minutes, and now and then one that takes an hour.
          for (let job = 0; job < 8; job++) world.waitFor(world.addJob(20_000 + 1_000 * (created++ % 60)))
          if (created % 96 === 0) world.waitFor(world.addJob(3_600_000), 3 * 3_600_000)
          world.runUntil(world.now + 600_000)
          maxPages = Math.max(maxPages, world.state.list.pages.size)
        }
        pagesOfDay.push(maxPages)
        requestsOfDay.push(world.requests.page + world.requests.single - before)
      }
      assert.isAtMost(Math.max(...pagesOfDay), 80)
      assert.isAtMost(pagesOfDay[6] ?? 0, 1.5 * (pagesOfDay[1] ?? 0) + 5)
      assert.isAtMost(requestsOfDay[6] ?? 0, 1.2 * (requestsOfDay[1] ?? 0))
      assert.isAtMost(world.state.waits.size, 20)
      const ended = [...world.events.values()].filter(({ _tag }) => _tag === "JobChanged")
      assert.isAbove(ended.length, created - 20)
    },
    60_000,
  )
})

describe("a defect", () => {
  /** One wait that meets a defect, and others that continue. */
  const withOthers = (world: World) => {
    const hurt = world.waitFor(world.addJob(30_000), undefined, "model_bad")
    const others = Array.from({ length: 5 }, () => world.waitFor(world.addJob(30_000)).job.jobId)
    return { hurt, others }
  }
  const expectOthersFine = (world: World, others: ReadonlyArray<string>) => {
    world.runUntil(world.now + 120_000)
    for (const jobId of others) assert.strictEqual(world.events.get(jobId)?._tag, "JobChanged")
    assert.strictEqual(world.state.waits.size, 0)
  }
  const broken = () => {
    throw new Error("injected")
  }

  for (const step of ["isOver", "getNextCheck", "getExpectedDelay", "setPlan", "onJob"] as const) {
    inWorld(`in ${step} of one wait ends that wait only, and is kept to be logged`, (world) => {
      const { hurt, others } = withOthers(world)
      Object.defineProperty(hurt, step, { value: broken })
      world.runUntil(world.now + 60_000)
      assert.strictEqual(world.events.get(hurt.job.jobId)?._tag, "Defect")
      assert.isAbove(world.state.takeDefects().length, 0)
      expectOthersFine(world, others)
    })
  }

  inWorld("in onFailure of one wait ends that wait only", (world) => {
    const { hurt, others } = withOthers(world)
    Object.defineProperty(hurt, "onFailure", { value: broken })
    const isFaulty = (poll: Poll) => poll._tag === "Single" && poll.wait === hurt
    hurt.confirm(0)
    world.runUntil(10_000, (poll) =>
      isFaulty(poll) ? { _tag: "Failed", error: unavailable } : world.respond(poll),
    )
    assert.strictEqual(world.events.get(hurt.job.jobId)?._tag, "Defect")
    expectOthersFine(world, others)
  })

  inWorld("in the listener of one wait doesn't stop the others", (world) => {
    const { hurt, others } = withOthers(world)
    hurt.listener = broken
    world.runUntil(world.now + 60_000)
    assert.isAbove(world.state.takeDefects().length, 0)
    expectOthersFine(world, others)
  })

  inWorld("in reading a page costs no wait: the jobs are polled one by one", (world) => {
    const { hurt, others } = withOthers(world)
    world.runUntil(120_000, (poll) =>
      poll._tag === "Single" ? world.respond(poll) : { _tag: "Died", defect: new Error("injected") },
    )
    assert.strictEqual(world.events.get(hurt.job.jobId)?._tag, "JobChanged")
    expectOthersFine(world, others)
  })

  inWorld("in reading one job ends the waits for that job", (world) => {
    const { hurt, others } = withOthers(world)
    hurt.confirm(0)
    world.runUntil(120_000, (poll) =>
      poll._tag === "Single" && poll.wait === hurt
        ? { _tag: "Died", defect: new Error("injected") }
        : world.respond(poll),
    )
    assert.strictEqual(world.events.get(hurt.job.jobId)?._tag, "Defect")
    expectOthersFine(world, others)
  })

  inWorld("that no wait causes leaves all waits to be polled one by one", (world) => {
    const { hurt, others } = withOthers(world)
    let isBroken = true
    const find = world.state.list.pages.find.bind(world.state.list.pages)
    Object.defineProperty(world.state.list.pages, "find", {
      value: (position: JobPosition) => {
        if (isBroken && world.state.waits.size > 1) throw new Error("injected")
        return find(position)
      },
    })
    world.runUntil(120_000)
    isBroken = false
    assert.strictEqual(world.events.size, others.length + 1)
    assert.isAbove(world.state.takeDefects().length, 0)
    assert.isDefined(world.events.get(hurt.job.jobId))
  })

  it("in what is learned costs no result", () => {
    const history = {
      expect: () => ({ medianMs: 20_000, sigma: 0.3, isLearned: true }),
      learn: broken,
      recognize: () => undefined,
      getOutput: () => undefined,
      export: () => ({ version: 1, models: [] }) as const,
      import: () => undefined,
    }
    const world = new World(history)
    const { hurt, others } = withOthers(world)
    world.runUntil(120_000)
    assert.strictEqual(world.events.get(hurt.job.jobId)?._tag, "JobChanged")
    expectOthersFine(world, others)
  })
})

it.effect("what was learned of a LoRA's job counts for its base model", () =>
  DurationHistory.use((history) =>
    Effect.sync(() => {
      const world = new World(history)
      // The list shows every job with the model of its inputs, here another one than it was sent to.
      world.waitFor(world.addJob(42_000), undefined, "model_base")
      world.runUntil(120_000)
      assert.isTrue(history.expect({ modelId: "model_base" }).isLearned)
      assert.isFalse(history.expect({ modelId: "model_a" }).isLearned)
    }),
  ).pipe(Effect.provide(DurationHistory.layer)),
)

describe("after the machine has slept past all deadlines", () => {
  inWorld("every wait is polled once before it may time out", (world) => {
    const jobIds = Array.from({ length: 60 }, () => world.addJob(600_000))
    for (const jobId of jobIds) world.waitFor(jobId, 900_000)
    world.runUntil(60_000)
    world.now += 8 * 3_600_000
    world.runUntil(world.now + 60_000)
    for (const jobId of jobIds) assert.strictEqual(world.events.get(jobId)?._tag, "JobChanged")
  })

  inWorld("a poll that fails then is repeated for as long as the network may need", (world) => {
    const jobId = world.addJob(600_000)
    world.waitFor(jobId, 900_000)
    world.runUntil(60_000)
    world.now += 8 * 3_600_000
    const woken = world.now
    world.runUntil(woken + 60_000, (poll) =>
      world.now < woken + 10_000 ? { _tag: "Failed", error: unavailable } : world.respond(poll),
    )
    assert.strictEqual(world.events.get(jobId)?._tag, "JobChanged")
  })

  inWorld("a wait whose job still runs times out soon", (world) => {
    const jobId = world.addJob(100 * day)
    world.waitFor(jobId, 900_000)
    world.runUntil(60_000)
    world.now += 8 * 3_600_000
    const woken = world.now
    world.runUntil(woken + 5_000)
    assert.strictEqual(world.events.get(jobId)?._tag, "TimedOut")
  })
})
