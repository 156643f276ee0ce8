import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { eventually, runRecipe, startRecipe, startWorld } from "./support.ts"

describe("asset-url", () => {
  it("prints URLs that can be downloaded, and pays nothing", async () => {
    const world = await startWorld()
    const assetId = world.simulator.addAsset()
    const urls = await runRecipe(world, "asset-url", [assetId])
    expect(urls).toHaveLength(3)
    for (const url of urls) {
      const response = await fetch(url)
      expect(response.status).toBe(200)
      expect(response.headers.get("content-type")).toMatch(/^image\//)
    }
    expect(world.simulator.ledger().paidJobs).toBe(0)
    expect(world.simulator.violations()).toEqual([])
  })
})

describe("resume-after-crash", () => {
  it("pays once, and saves the picture", async () => {
    const world = await startWorld()
    const lines = await runRecipe(world, "resume-after-crash")
    expect(lines[0]).toBe("submitting")
    expect(isFile(world.folder, lines[1])).toBe(true)
    expect(existsSync(join(world.folder, "picture.json"))).toBe(false)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("finds the job after a crash between the request and its response", async () => {
    const world = await startWorld(1)
    world.simulator.faults.next("lost-response")
    await crashWhen(world, () => expect(world.simulator.ledger().paidJobs).toBe(1))
    expect(readStored(world.folder)).toEqual({ intent: expect.anything() })

    const lines = await runRecipe(world, "resume-after-crash")
    const [{ jobId } = { jobId: "" }] = world.simulator.ledger().entries
    expect(lines[0]).toBe(`resuming ${jobId}`)
    expect(isFile(world.folder, lines[1])).toBe(true)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("resumes the job after a crash during the wait", async () => {
    const world = await startWorld()
    world.simulator.planNextJob({ durationMs: 60_000 })
    await crashWhen(world, () => expect(readStored(world.folder)).toHaveProperty("job"))

    const lines = await runRecipe(world, "resume-after-crash")
    expect(lines[0]).toMatch(/^resuming job_/)
    expect(isFile(world.folder, lines[1])).toBe(true)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("submits after a crash before the request was accepted", async () => {
    const world = await startWorld(1)
    world.simulator.faults.next("hang", { method: "POST" })
    await crashWhen(world, () =>
      expect(world.simulator.requests().some(({ method }) => method === "POST")).toBe(true),
    )
    expect(world.simulator.ledger().paidJobs).toBe(0)

    const lines = await runRecipe(world, "resume-after-crash")
    expect(lines[0]).toBe("submitting")
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("batch-with-budget", () => {
  it("spends at most the budget, and nothing when it is repeated", async () => {
    const world = await startWorld()
    const lines = await runRecipe(world, "batch-with-budget", ["17"])
    const { spent, paidJobs } = world.simulator.ledger()
    expect(spent).toBeLessThanOrEqual(17)
    expect(paidJobs).toBeGreaterThan(1)
    expect(lines.filter((line) => line.startsWith("made: "))).toHaveLength(paidJobs)
    expect(lines.filter((line) => line.startsWith("skipped: "))).toHaveLength(6 - paidJobs)
    expect(lines.at(-1)).toBe(`${spent} of 17 compute units`)

    await runRecipe(world, "batch-with-budget", ["17"])
    expect(world.simulator.ledger().paidJobs).toBe(paidJobs)
  })
})

describe("local-file", () => {
  it("uploads the file once, pays once, and saves the result", async () => {
    const world = await startWorld()
    const picture = await fetchPicture(world)
    writeFileSync(join(world.folder, "photo.png"), picture)
    const [path] = await runRecipe(world, "local-file", ["photo.png"])
    expect(isFile(world.folder, path)).toBe(true)
    const uploads = world.simulator
      .requests()
      .filter((one) => `${one.method} ${one.path}` === "POST /v1/assets")
    expect(uploads).toHaveLength(1)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("lora", () => {
  it("runs the LoRA on its base model, and pays once", async () => {
    const world = await startWorld()
    const lines = await runRecipe(world, "lora", ["My watercolors"])
    expect(lines[0]).toMatch(/^runs on FLUX.1 Dev, with .*prompt/)
    expect(isFile(world.folder, lines[1])).toBe(true)
    expect(world.simulator.ledger().entries).toMatchObject([
      {
        endpoint: "/generate/custom/model_bfl-flux-1-dev",
        body: { loras: ["model_own-watercolor"], lorasScale: [0.8] },
      },
    ])
  })
})

describe("workflow-approval", () => {
  it("shows the sketch, asks, and continues after the approval", async () => {
    const world = await startWorld()
    const lines = await runRecipe(world, "workflow-approval", ["wflow_approved-poster"], "y")
    expect(lines[0]).toMatch(/^job job_/)
    expect((await fetch(lines[1] ?? "")).status).toBe(200)
    const [question = "", path] = lines[2]?.split(/(?<=\) )/) ?? []
    expect(question).toBe("Approve approval? (y/n) ")
    expect(isFile(world.folder, path)).toBe(true)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("workflow-approval, when the person rejects", () => {
  it("ends without a file, and the expensive step isn't run", async () => {
    const world = await startWorld()
    const lines = await runRecipe(world, "workflow-approval", ["wflow_approved-poster"], "n")
    expect(lines.at(-1)).toBe("Approve approval? (y/n) Rejected: the workflow has ended.")
    // The workflow itself and its sketch; there is no poster.
    expect(world.simulator.jobs()).toHaveLength(2)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("progress-bar", () => {
  it("fills a bar for the job and a bar for the file, and pays once", async () => {
    const world = await startWorld()
    world.simulator.planNextJob({ durationMs: 120_000 })
    const lines = await runRecipe(world, "progress-bar")
    const [job = "", file = ""] = lines
    const shares = [...job.matchAll(/(\d+) %/g)].map(([, share]) => Number(share))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.some((share) => share > 0 && share < 100)).toBe(true)
    expect(job).toMatch(/done {9}█{30} 100 %$/)
    expect(file).toMatch(/file 1 {7}█{30} 100 %$/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("cost-tracking", () => {
  it("sums what was charged and not refunded, and pays nothing", async () => {
    const world = await startWorld()
    await runRecipe(world, "lora", ["My watercolors"])
    await runRecipe(world, "batch-with-budget", ["30"])
    const { spent, paidJobs } = world.simulator.ledger()
    const lines = await runRecipe(world, "cost-tracking")
    expect(lines).toContain(`model_bfl-flux-1-dev: ${spent} for ${paidJobs} jobs`)
    expect(lines).toContain(`total: ${spent}`)
    expect(lines.at(-1)).toMatch(/^next: \d+$/)
    expect(world.simulator.ledger().paidJobs).toBe(paidJobs)
  })
})

type World = Awaited<ReturnType<typeof startWorld>>

const isFile = (folder: string, path = ""): boolean => path !== "" && existsSync(join(folder, path))

const readStored = (folder: string): unknown => JSON.parse(readFileSync(join(folder, "picture.json"), "utf8"))

/** Starts the recipe, and kills it as soon as the condition holds. */
const crashWhen = async (world: World, condition: () => void): Promise<void> => {
  const child = startRecipe(world, "resume-after-crash")
  await eventually(condition)
  child.kill("SIGKILL")
  await once(child, "close")
}

const fetchPicture = async ({ simulator }: World): Promise<Uint8Array> => {
  simulator.addAsset()
  const url = simulator.assets()[0]?.["url"]
  if (typeof url !== "string") throw new Error("The asset has no URL.")
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}
