import { describe, expect, test } from "vitest"
import { at, listAt, startStepped, textAt } from "./client.ts"

const startRun = async (workflow: string) => {
  const world = await startStepped()
  const path = `/workflows/${workflow}`
  const reply = await world.put(`${path}/run`, { prompt: "a poster" })
  const jobId = textAt(reply.body, "job", "jobId")
  const getJob = async () => (await world.get(`/jobs/${jobId}`)).body["job"]
  const steps = async () => listAt(await getJob(), "metadata", "flow").map((node) => textAt(node, "status"))
  const decide = (kind: string, body: Record<string, string | Array<number>>) =>
    world.put(`${path}/${kind}?projectId=${world.simulator.projectId}`, { workflowJobId: jobId, ...body })
  return { ...world, jobId, getJob, steps, decide }
}

describe("a workflow", () => {
  test("runs its steps in sequence, each with its own job", async () => {
    await using run = await startRun("wflow_sprite-sheet")
    expect(await run.steps()).toEqual(["pending", "pending"])
    await run.simulator.advance(5000)
    expect(await run.steps()).toEqual(["processing", "pending"])
    const step = textAt(await run.getJob(), "metadata", "flow", 0, "jobId")
    expect(at((await run.get(`/jobs/${step}`)).body, "job", "status")).toBe("in-progress")
    await run.simulator.advance(20_000)
    expect(await run.steps()).toEqual(["success", "success"])
    const job = await run.getJob()
    expect(at(job, "status")).toBe("success")
    expect(listAt(job, "metadata", "assetIds")).toEqual([
      at(job, "metadata", "flow", 1, "assets", 0, "assetId"),
    ])
    expect(run.simulator.ledger().paidJobs).toBe(1)
  })

  test("waits for approval without a limit", async () => {
    await using run = await startRun("wflow_approved-poster")
    await run.simulator.advance(24 * 3_600_000)
    expect(at(await run.getJob(), "status")).toBe("in-progress")
    expect(await run.steps()).toEqual(["success", "processing", "pending"])
    const approved = await run.decide("user-approval", { nodeId: "approval" })
    expect(at(approved.body, "job", "status")).toBe("in-progress")
    await run.simulator.advance(13_000)
    expect(at(await run.getJob(), "status")).toBe("success")
    expect((await run.decide("user-approval", { nodeId: "approval" })).status).toBe(400)
  })

  test("is canceled if a step is rejected", async () => {
    await using run = await startRun("wflow_approved-poster")
    await run.simulator.advance(20_000)
    await run.decide("user-approval", { nodeId: "approval", action: "reject" })
    expect(await run.steps()).toEqual(["success", "rejected", "skipped"])
    expect(at(await run.getJob(), "status")).toBe("canceled")
  })

  test("waits for a selection, which requires indices", async () => {
    await using run = await startRun("wflow_pick-one")
    await run.simulator.advance(20_000)
    expect((await run.decide("user-selection", { nodeId: "choice" })).status).toBe(400)
    expect((await run.decide("user-selection", { nodeId: "choice", selectedIndices: [2] })).status).toBe(200)
    await run.simulator.advance(20_000)
    expect(at(await run.getJob(), "status")).toBe("success")
  })

  test("has a price, requires its inputs, and doesn't run as a draft", async () => {
    await using world = await startStepped()
    const dry = await world.put("/workflows/wflow_sprite-sheet/run?dryRun=true", { prompt: "x" })
    expect(dry.status).toBe(269)
    expect((await world.put("/workflows/wflow_sprite-sheet/run", {})).status).toBe(400)
    expect((await world.put("/workflows/wflow_draft/run", { prompt: "x" })).status).toBe(400)
    expect(world.simulator.jobs()).toHaveLength(0)
  })

  test("is listed as private or public", async () => {
    await using world = await startStepped()
    const ids = async (query: string) =>
      listAt((await world.get(`/workflows${query}`)).body, "workflows").map((workflow) =>
        textAt(workflow, "id"),
      )
    expect(await ids("?status=draft")).toEqual(["wflow_draft"])
    expect(await ids("?privacy=public")).toEqual(["wflow_public-portrait"])
    expect(await ids("")).toHaveLength(4)
  })
})
