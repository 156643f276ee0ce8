import { describe, expect, test } from "vitest"
import type { FaultName, FaultOptions } from "../src/index.ts"
import { at, listAt, redHouse, startStepped, textAt } from "./client.ts"

const openFile = async (options: { readonly bytes: Uint8Array }) => {
  const world = await startStepped()
  const id = world.simulator.addAsset({ ...options, mimeType: "image/png" })
  const url = textAt((await world.get(`/assets/${id}`)).body, "asset", "url")
  const request = (name?: FaultName, fault: FaultOptions = {}, headers: Record<string, string> = {}) => {
    if (name !== undefined) world.simulator.faults.next(name, { origin: "cdn", ...fault })
    return fetch(url, { redirect: "manual", headers })
  }
  return { world, id, request, [Symbol.asyncDispose]: () => world.simulator.close() }
}

const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 251)

describe("a file at the CDN", () => {
  test("wrong-length sends a Content-Length that is too large", async () => {
    await using stored = await openFile({ bytes })
    const response = await stored.request("wrong-length", { extraBytes: 70 })
    expect(response.headers.get("content-length")).toBe("5070")
    await expect(response.arrayBuffer()).rejects.toThrow("terminated")
  })

  test("truncated-body with framing ended hides the cut", async () => {
    await using stored = await openFile({ bytes })
    const response = await stored.request("truncated-body", { framing: "ended", afterBytes: 100 })
    expect(response.headers.get("content-length")).toBeNull()
    expect((await response.arrayBuffer()).byteLength).toBe(100)
  })

  test("no-ranges returns the whole file for a Range request", async () => {
    await using stored = await openFile({ bytes })
    const response = await stored.request("no-ranges", {}, { range: "bytes=10-" })
    expect([response.status, response.headers.get("etag")]).toEqual([200, null])
    expect((await response.arrayBuffer()).byteLength).toBe(bytes.length)
  })

  test("changed-file has another ETag and other bytes, changed-etag only the ETag", async () => {
    await using stored = await openFile({ bytes })
    const unchanged = await stored.request()
    const changed = await stored.request("changed-file")
    const renamed = await stored.request("changed-etag")
    const etags = [unchanged, changed, renamed].map((response) => response.headers.get("etag"))
    expect(new Set(etags).size).toBe(3)
    expect(new Uint8Array(await changed.arrayBuffer())).not.toEqual(bytes)
    expect(new Uint8Array(await renamed.arrayBuffer())).toEqual(bytes)
  })

  test("stored-gzip decodes to the file, and its ranges are of the compressed bytes", async () => {
    await using stored = await openFile({ bytes })
    const whole = await stored.request("stored-gzip")
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes)
    const part = await stored.request("stored-gzip", {}, { range: "bytes=100-" })
    await expect(part.arrayBuffer()).rejects.toThrow("terminated")
  })

  test("redirect can have raw UTF-8 and another status", async () => {
    await using stored = await openFile({ bytes })
    const response = await stored.request("redirect", { to: "raw-utf8", status: 307 })
    expect(response.status).toBe(307)
    const location = Buffer.from(response.headers.get("location") ?? "", "latin1").toString("utf8")
    expect(location).toContain("name=h\u00e4user-\u732b.png")
  })
})

describe("a response about files", () => {
  test("has a wrong size with wrong-size, and no EXR with missing-original", async () => {
    await using stored = await openFile({ bytes })
    stored.world.simulator.faults.next("wrong-size", { extraBytes: -5 })
    const wrong = await stored.world.get(`/assets/${stored.id}`)
    expect(at(wrong.body, "asset", "properties", "size")).toBe(bytes.length - 5)
    const hdr = stored.world.simulator.addAsset({ kind: "image-hdr", mimeType: "image/jpeg" })
    expect(textAt((await stored.world.get(`/assets/${hdr}`)).body, "asset", "originalFileUrl")).toContain(
      "original.exr",
    )
    stored.world.simulator.faults.next("missing-original")
    const missing = await stored.world.get(`/assets/${hdr}`)
    expect(at(missing.body, "asset", "originalFileUrl")).toBeUndefined()
  })

  test.each(["ids", "urls"])("has its files in result.images with legacy-result (%s)", async (value) => {
    await using world = await startStepped()
    world.simulator.planNextJob({ durationMs: 1000, assetCount: 2 })
    const jobId = textAt((await world.post("/generate/txt2img", redHouse)).body, "job", "jobId")
    await world.simulator.advance(2000)
    world.simulator.faults.next("legacy-result", { value })
    const { body } = await world.get(`/jobs/${jobId}`)
    expect(at(body, "job", "metadata", "assetIds")).toBeUndefined()
    expect(listAt(body, "job", "result", "images")).toHaveLength(2)
  })

  test("has integers that a number can't hold with large-integers", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("large-integers")
    const authorization = `Basic ${btoa(`${world.simulator.apiKey}:${world.simulator.apiSecret}`)}`
    const response = await fetch(`${world.simulator.baseUrl}/models/model_reel-video`, {
      headers: { authorization },
    })
    expect(await response.text()).toContain('"max":18446744073709551615')
  })
})
