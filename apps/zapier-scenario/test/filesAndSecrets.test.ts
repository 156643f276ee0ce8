import { describe, expect, it } from "vitest"
import { at, catchFailure, generate, performGenerate, startWorld } from "./zapier.ts"

const assetFile = "hydrators.assetFile"

describe("a file", () => {
  it("is stored whole, with its type and its name", async () => {
    await using world = await startWorld()
    const bytes = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(2_000_000, 7)])
    const assetId = world.simulator.addAsset({ kind: "image", mimeType: "image/png", bytes })
    const { results } = await world.call(assetFile, { inputData: { assetId } })
    expect(results).toBe(`${world.zapier.origin}/a-file`)
    const [stashed = ""] = world.zapier.stashed()
    expect(stashed).toContain(`filename="${assetId}.png"`)
    expect(stashed).toContain("Content-Type: image/png")
    expect(stashed).toContain(bytes.toString("latin1"))
  })

  it.each([
    ["its link has expired", "expired-link", {}],
    ["the connection breaks", "truncated-body", { origin: "cdn" }],
    ["the CDN redirects", "redirect", { to: "same-host" }],
    ["its type is wrong", "wrong-content-type", {}],
  ] as const)("is stored when %s", async (_, fault, options) => {
    await using world = await startWorld()
    const assetId = world.simulator.addAsset({ kind: "image" })
    world.simulator.faults.next(fault, options)
    await world.call(assetFile, { inputData: { assetId } })
    expect(world.zapier.stashed()[0]).toContain("Content-Type: image/png")
  })

  it("is not stored if the CDN sends a web page instead", async () => {
    await using world = await startWorld()
    const assetId = world.simulator.addAsset({ kind: "image" })
    world.simulator.faults.next("wrong-bytes", { times: 20 })
    const failure = await catchFailure(world.call(assetFile, { inputData: { assetId } }))
    expect(failure.message).toMatch(/couldn't be downloaded.*web page/)
    expect(world.zapier.stashed()).toEqual([])
    const none = await catchFailure(world.call(assetFile, { inputData: { assetId: "asset_none" } }))
    expect(none.message).toMatch(/doesn't have this asset/)
  })
})

describe("credentials", () => {
  it("are sent only to Scenario's API, and never logged", async () => {
    await using world = await startWorld()
    const { apiKey, apiSecret } = world.simulator
    const made = await world.call(performGenerate, generate({}))
    await world.call(assetFile, { inputData: { assetId: at(made.results, "assetId") } })
    await catchFailure(world.call(performGenerate, generate({ in_quality: "best" })))

    const requests = world.simulator.requests()
    expect(requests.filter(({ origin }) => origin === "cdn").length).toBeGreaterThan(0)
    for (const { origin, authorization } of requests) {
      expect(authorization).toBe(origin === "api" ? "valid" : "none")
    }
    const stash = world.zapier.requests.filter(({ path }) => path.startsWith("/s3"))
    expect(stash.map(({ headers }) => headers.authorization)).toEqual([undefined])

    const logs = world.zapier.logs()
    expect(logs.includes("/v1/generate/custom/model_canvas-image-2")).toBe(true)
    const pair = Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")
    const secrets = [apiSecret, pair, Buffer.from(`${apiKey}:`).toString("base64").slice(0, 20)]
    expect(secrets.filter((secret) => logs.includes(secret))).toEqual([])
    // Responses hold links that work without a key, so they aren't logged.
    const signature = /Signature=([^&]+)/.exec(String(at(made.results, "assetUrl")))?.[1] ?? "no signature"
    expect(logs.includes(signature)).toBe(false)
    expect(logs.includes("creativeUnitsCost")).toBe(false)
  })
})

describe("a connection", () => {
  it("is labeled by its masked key", async () => {
    await using world = await startWorld()
    const { results } = await world.call("authentication.test")
    expect(results).toEqual({ keyHint: "api_…0key" })
  })

  it("is refused if the secret is wrong", async () => {
    await using world = await startWorld()
    const authData = { apiKey: world.simulator.apiKey, apiSecret: "wrong" }
    const failure = await catchFailure(world.call("authentication.test", { authData }))
    expect(failure.message).toMatch(/Scenario doesn't accept the API key and the API secret/)
  })
})
