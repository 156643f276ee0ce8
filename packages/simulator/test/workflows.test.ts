import { describe, expect, test } from "vitest"
import { at, listAt, stepped, textAt } from "./client.ts"

const started = async (workflow: string) => {
  const world = await stepped()
  const path = `/workflows/${workflow}`
  const reply = await world.put(`${path}/run`, { prompt: "a poster" })
  const jobId = textAt(reply.body, "job", "jobId")
  const look = async () => (await world.get(`/jobs/${jobId}`)).body["job"]
  const steps = async () => listAt(await look(), "metadata", "flow").map((node) => textAt(node, "status"))
  const decide = (kind: string, body: Record<string, string | Array<number>>) =>
    world.put(`${path}/${kind}?projectId=${world.simulator.projectId}`, { workflowJobId: jobId, ...body })
  return { ...world, jobId, look, steps, decide }
}

describe("a workflow", () => {
  test("runs its steps one after another, each with a job of its own", async () => {
    await using run = await started("wflow_sprite-sheet")
    expect(await run.steps()).toEqual(["pending", "pending"])
    await run.simulator.advance(5000)
    expect(await run.steps()).toEqual(["processing", "pending"])
    const step = textAt(await run.look(), "metadata", "flow", 0, "jobId")
    expect(at((await run.get(`/jobs/${step}`)).body, "job", "status")).toBe("in-progress")
    await run.simulator.advance(20_000)
    expect(await run.steps()).toEqual(["success", "success"])
    const job = await run.look()
    expect(at(job, "status")).toBe("success")
    expect(listAt(job, "metadata", "assetIds")).toEqual([
      at(job, "metadata", "flow", 1, "assets", 0, "assetId"),
    ])
    expect(run.simulator.ledger().paidJobs).toBe(1)
  })

  test("waits for its approval as long as it takes", async () => {
    await using run = await started("wflow_approved-poster")
    await run.simulator.advance(24 * 3_600_000)
    expect(at(await run.look(), "status")).toBe("in-progress")
    expect(await run.steps()).toEqual(["success", "processing", "pending"])
    const approved = await run.decide("user-approval", { nodeId: "approval" })
    expect(at(approved.body, "job", "status")).toBe("in-progress")
    await run.simulator.advance(13_000)
    expect(at(await run.look(), "status")).toBe("success")
    expect((await run.decide("user-approval", { nodeId: "approval" })).status).toBe(400)
  })

  test("stops when a step is rejected", async () => {
    await using run = await started("wflow_approved-poster")
    await run.simulator.advance(20_000)
    await run.decide("user-approval", { nodeId: "approval", action: "reject" })
    expect(await run.steps()).toEqual(["success", "rejected", "skipped"])
    expect(at(await run.look(), "status")).toBe("canceled")
  })

  test("waits for a choice, which needs its indices", async () => {
    await using run = await started("wflow_pick-one")
    await run.simulator.advance(20_000)
    expect((await run.decide("user-selection", { nodeId: "choice" })).status).toBe(400)
    expect((await run.decide("user-selection", { nodeId: "choice", selectedIndices: [2] })).status).toBe(200)
    await run.simulator.advance(20_000)
    expect(at(await run.look(), "status")).toBe("success")
  })

  test("has a price, wants its inputs, and isn't run as a draft", async () => {
    await using world = await stepped()
    const dry = await world.put("/workflows/wflow_sprite-sheet/run?dryRun=true", { prompt: "x" })
    expect(dry.status).toBe(269)
    expect((await world.put("/workflows/wflow_sprite-sheet/run", {})).status).toBe(400)
    expect((await world.put("/workflows/wflow_draft/run", { prompt: "x" })).status).toBe(400)
    expect(world.simulator.jobs()).toHaveLength(0)
  })

  test("is found among one's own, or among everybody's", async () => {
    await using world = await stepped()
    const ids = async (query: string) =>
      listAt((await world.get(`/workflows${query}`)).body, "workflows").map((workflow) =>
        textAt(workflow, "id"),
      )
    expect(await ids("?status=draft")).toEqual(["wflow_draft"])
    expect(await ids("?privacy=public")).toEqual(["wflow_public-portrait"])
    expect(await ids("")).toHaveLength(4)
  })
})
