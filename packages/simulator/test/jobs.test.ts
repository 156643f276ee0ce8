import { describe, expect, test } from "vitest"
import type { JobPlan } from "../src/index.ts"
import { at, canvasImage, listAt, redHouse, startStepped, textAt } from "./client.ts"

const statusOrder = ["pending", "queued", "warming-up", "in-progress", "finalizing", "success"]

describe("a job", () => {
  const startWorld = async (
    plan?: JobPlan,
    path = "/generate/txt2img",
    body: Parameters<typeof JSON.stringify>[0] = redHouse,
  ) => {
    const world = await startStepped()
    if (plan !== undefined) world.simulator.planNextJob(plan)
    const jobId = textAt((await world.post(path, body)).body, "job", "jobId")
    const getJob = async () => (await world.get(`/jobs/${jobId}`)).body["job"]
    return { ...world, jobId, getJob }
  }

  test("passes its statuses in order, with dates of the clock", async () => {
    await using world = await startWorld()
    const start = world.simulator.now()
    await world.simulator.advance(120_000)
    const history = listAt(await world.getJob(), "statusHistory")
    const statuses = history.map((change) => textAt(change, "status"))
    expect(statusOrder.filter((status) => statuses.includes(status))).toEqual(statuses)
    const dates = history.map((change) => Date.parse(textAt(change, "date")))
    expect(dates[0]).toBe(start)
    expect(dates.toSorted((a, b) => a - b)).toEqual(dates)
    expect(new Set(dates).size).toBe(dates.length)
  })

  test("changes its status at the exact millisecond", async () => {
    await using world = await startWorld({ durationMs: 10_000 })
    await world.simulator.advance(9_999)
    expect(at(await world.getJob(), "status")).toBe("finalizing")
    await world.simulator.advance(1)
    expect(at(await world.getJob(), "status")).toBe("success")
  })

  test("has a growing progress, which ends at 1 with its assets", async () => {
    await using world = await startWorld()
    let last = 0
    for (let step = 0; step < 120; step++) {
      const progress = at(await world.getJob(), "progress")
      if (typeof progress !== "number") throw new Error("no progress")
      expect(progress).toBeGreaterThanOrEqual(last)
      last = progress
      await world.simulator.advance(500)
    }
    expect(last).toBe(1)
    expect(listAt(await world.getJob(), "metadata", "assetIds")).toHaveLength(1)
  })

  test.each([
    ["stuck", 9_000, 0.4],
    ["none", 9_000, 0],
  ] as const)("can report %s progress", async (progress, age, expected) => {
    await using world = await startWorld({ durationMs: 10_000, progress })
    await world.simulator.advance(age)
    expect(at(await world.getJob(), "progress")).toBe(expected)
  })

  test("can fail with an error and a hint, and is refunded", async () => {
    await using world = await startWorld({ outcome: "failure", error: "Out of paint", hint: "Buy paint" })
    expect(world.simulator.ledger().refunded).toBe(0)
    await world.simulator.advance(120_000)
    expect(await world.getJob()).toMatchObject({
      status: "failure",
      metadata: { error: "Out of paint", hint: "Buy paint", assetIds: [] },
    })
    expect(world.simulator.ledger().refunded).toBe(world.simulator.ledger().spent)
    expect(world.simulator.assets()).toEqual([])
  })

  test("can fail without a refund", async () => {
    await using world = await startWorld({ outcome: "failure", disableRefund: true })
    await world.simulator.advance(120_000)
    expect(at(await world.getJob(), "billing", "disableRefund")).toBe(true)
    expect(world.simulator.ledger().refunded).toBe(0)
  })

  test("can have planned statuses, also unknown ones", async () => {
    await using world = await startWorld({
      durationMs: 3000,
      statuses: ["queued", "dreaming", "in-progress", "canceled"],
    })
    const seen: Array<unknown> = []
    for (let step = 0; step < 4; step++) {
      seen.push(at(await world.getJob(), "status"))
      await world.simulator.advance(1000)
    }
    expect(seen).toEqual(["queued", "dreaming", "in-progress", "canceled"])
  })

  test("can vanish", async () => {
    await using world = await startWorld({ vanishAfterMs: 5000 })
    await world.simulator.advance(4999)
    expect((await world.get(`/jobs/${world.jobId}`)).status).toBe(200)
    await world.simulator.advance(1)
    expect((await world.get(`/jobs/${world.jobId}`)).status).toBe(404)
    expect(listAt((await world.get("/jobs")).body, "jobs")).toHaveLength(0)
  })

  test("can make a planned number of assets", async () => {
    await using world = await startWorld({ assetCount: 0, durationMs: 1000 })
    await world.simulator.advance(1000)
    expect(at(await world.getJob(), "metadata", "assetIds")).toEqual([])
  })

  test("of a custom model can't be canceled", async () => {
    await using world = await startWorld(undefined, `/generate/custom/${canvasImage}`, { prompt: "x" })
    const reply = await world.post(`/jobs/${world.jobId}/action`, { action: "cancel" })
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ reason: "Cannot cancel this type of job. Action not permitted." })
  })

  test("of an inference can be canceled until it has finished", async () => {
    await using world = await startWorld()
    await world.simulator.advance(1000)
    const canceled = await world.post(`/jobs/${world.jobId}/action`, { action: "cancel" })
    expect(at(canceled.body, "job", "status")).toBe("canceled")
    await world.simulator.advance(120_000)
    expect(at(await world.getJob(), "status")).toBe("canceled")
    const other = textAt((await world.post("/generate/txt2img", redHouse)).body, "job", "jobId")
    await world.simulator.advance(120_000)
    expect(at((await world.post(`/jobs/${other}/action`, { action: "cancel" })).body, "job", "status")).toBe(
      "success",
    )
  })

  test("of a language model can have its text only in the job", async () => {
    await using world = await startWorld(undefined, "/generate/custom/model_oracle-llm", {
      prompt: "will it rain?",
    })
    await world.simulator.advance(60_000)
    const job = await world.getJob()
    expect(at(job, "metadata", "assetIds")).toBeUndefined()
    expect(textAt(job, "metadata", "output", "text")).toContain("will it rain?")
  })
})

describe("the list of jobs", () => {
  test("is sorted newest first, and its pages don't shift when jobs are added", async () => {
    await using world = await startStepped()
    const ids = Array.from({ length: 23 }, (_, index) => world.simulator.addJob({ ageMs: index * 1000 }))
    const seen: Array<string> = []
    let path: string | undefined = "/jobs?pageSize=10"
    while (path !== undefined) {
      const { body } = await world.get(path)
      seen.push(...listAt(body, "jobs").map((job) => textAt(job, "jobId")))
      world.simulator.addJob()
      const token = body["nextPaginationToken"]
      path = typeof token === "string" ? `/jobs?pageSize=10&paginationToken=${token}` : undefined
    }
    expect(seen).toEqual(ids)
  })

  test("has 10 jobs per page by default, and at most 200", async () => {
    await using world = await startStepped()
    for (let count = 0; count < 12; count++) world.simulator.addJob()
    expect(listAt((await world.get("/jobs")).body, "jobs")).toHaveLength(10)
    expect(listAt((await world.get("/jobs?pageSize=200")).body, "jobs")).toHaveLength(12)
    expect((await world.get("/jobs?pageSize=201")).status).toBe(400)
    expect((await world.get("/jobs?pageSize=ten")).status).toBe(400)
    expect((await world.get("/jobs?paginationToken=invented")).status).toBe(400)
  })

  test("can be filtered", async () => {
    await using world = await startStepped()
    world.simulator.addJob({ jobType: "upload", authorId: "apiu_other" })
    world.simulator.addJob({ jobType: "inference", status: "in-progress" })
    world.simulator.addJob({ input: { hideResults: true }, ageMs: 60_000 })
    const count = async (query: string) => listAt((await world.get(`/jobs?${query}`)).body, "jobs").length
    expect(await count("authorId=apiu_other")).toBe(1)
    expect(await count("status=success")).toBe(1)
    expect(await count("type=upload")).toBe(1)
    expect(await count("type=upload&types=upload,inference")).toBe(2)
    expect(await count("hideResults=false")).toBe(2)
    expect((await world.get("/jobs?status=sleeping")).status).toBe(400)
  })
})
