import { createServer } from "node:http"
import { once } from "node:events"
import { describe, expect, test } from "vitest"
import { at, listAt, png1x1, redHouse, startStepped, textAt } from "./client.ts"

const file = Buffer.from(png1x1.split(",")[1] ?? "", "base64")

describe("an upload in parts", () => {
  const newUpload = {
    fileName: "dot.png",
    fileSize: file.length,
    contentType: "image/png",
    kind: "image",
    parts: 2,
  }

  test("is validated, and becomes an asset", async () => {
    await using world = await startStepped()
    const upload = (await world.post("/uploads", newUpload)).body["upload"]
    const id = textAt(upload, "id")
    const urls = listAt(upload, "parts").map((part) => textAt(part, "url"))
    expect(new URL(urls[0] ?? "").origin).toBe(world.simulator.cdnUrl)
    for (const [index, body] of [file.subarray(0, 30), file.subarray(30)].entries()) {
      expect((await fetch(urls[index] ?? "", { method: "PUT", body })).status).toBe(200)
    }
    const completed = await world.post(`/uploads/${id}/action`, { action: "complete" })
    expect(at(completed.body, "upload", "status")).toBe("validating")
    const seen: Array<unknown> = []
    for (let step = 0; step < 3; step++) {
      await world.simulator.advance(900)
      seen.push(at((await world.get(`/uploads/${id}`)).body, "upload", "status"))
    }
    expect(seen).toEqual(["validated", "validated", "imported"])
    const imported = (await world.get(`/uploads/${id}`)).body["upload"]
    const job = await world.get(`/jobs/${textAt(imported, "jobId")}`)
    expect(at(job.body, "job", "metadata", "output", "entityId")).toBe(textAt(imported, "entityId"))
    const asset = await world.get(`/assets/${textAt(imported, "entityId")}`)
    expect(asset.body["asset"]).toMatchObject({
      mimeType: "image/png",
      properties: { size: file.length, width: 1 },
    })
    const bytes = Buffer.from(await (await fetch(textAt(asset.body, "asset", "url"))).arrayBuffer())
    expect(bytes.equals(file)).toBe(true)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  test("fails if a part is missing", async () => {
    await using world = await startStepped()
    const id = textAt((await world.post("/uploads", newUpload)).body, "upload", "id")
    await world.post(`/uploads/${id}/action`, { action: "complete" })
    await world.simulator.advance(2000)
    expect((await world.get(`/uploads/${id}`)).body["upload"]).toMatchObject({
      status: "failed",
      errorMessage: "Part 1, 2 was never sent",
    })
  })

  test("refuses credentials for a part, and a changed link", async () => {
    await using world = await startStepped()
    const { body } = await world.post("/uploads", newUpload)
    const url = textAt(body, "upload", "parts", 0, "url")
    expect(
      (await fetch(url, { method: "PUT", body: "x", headers: { authorization: "Basic eA==" } })).status,
    ).toBe(400)
    expect((await fetch(url.replace("Signature=", "Signature=x"), { method: "PUT", body: "x" })).status).toBe(
      403,
    )
    expect(world.simulator.violations()).toHaveLength(1)
  })

  test("requires all five members", async () => {
    await using world = await startStepped()
    const { parts: _parts, ...incomplete } = newUpload
    expect((await world.post("/uploads", incomplete)).body).toEqual({ reason: '"parts" is required' })
    expect((await world.post("/uploads", { url: "https://example.com/x.png" })).status).toBe(400)
  })
})

describe("an upload by URL", () => {
  test("fetches a file from this machine, and fails after a 404", async () => {
    await using world = await startStepped()
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/dot.png" ? 200 : 404, { "content-type": "image/png" })
      response.end(file)
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
    const good = await world.post("/uploads", { url: `${origin}/dot.png`, kind: "image" })
    const bad = await world.post("/uploads", { url: `${origin}/gone.png`, kind: "image" })
    await world.simulator.advance(3000)
    const getUpload = async (body: typeof good.body) =>
      (await world.get(`/uploads/${textAt(body, "upload", "id")}`)).body["upload"]
    expect(await getUpload(good.body)).toMatchObject({ status: "imported", fileName: "dot.png" })
    expect(await getUpload(bad.body)).toMatchObject({
      status: "failed",
      errorMessage: "The URL answered 404",
    })
    server.close()
  })

  test("doesn't consume the plan of the next generation", async () => {
    await using world = await startStepped()
    world.simulator.planNextJob({ outcome: "failure", durationMs: 10 })
    await world.post("/uploads", { url: "https://example.com/x.png", kind: "image" })
    const job = textAt((await world.post("/generate/txt2img", redHouse)).body, "job", "jobId")
    await world.simulator.advance(10)
    expect(at((await world.get(`/jobs/${job}`)).body, "job", "status")).toBe("failure")
  })
})
