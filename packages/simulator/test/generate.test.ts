import { describe, expect, test } from "vitest"
import { at, canvasImage, fluxDev, listAt, png1x1, redHouse, startStepped, textAt } from "./client.ts"

describe("a submit", () => {
  test("is refused without credentials, with wrong ones, and for another project", async () => {
    await using world = await startStepped()
    const url = `${world.simulator.baseUrl}/jobs`
    const bare = await fetch(url)
    expect([bare.status, await bare.json()]).toEqual([401, { message: "Unauthorized" }])
    const wrong = await fetch(url, { headers: { authorization: "Basic d3Jvbmc6d3Jvbmc=" } })
    expect(wrong.status).toBe(403)
    expect((await world.get("/jobs?projectId=proj_other")).status).toBe(403)
    expect(world.simulator.requests().map((request) => request.authorization)).toEqual([
      "none",
      "invalid",
      "valid",
    ])
    expect(JSON.stringify(world.simulator.requests())).not.toContain("Basic")
  })

  test("returns 269 for a dry run, and charges nothing", async () => {
    await using world = await startStepped()
    const dry = await world.post("/generate/txt2img?dryRun=true", redHouse)
    expect(dry.status).toBe(269)
    expect(dry.body["costDetails"]).toEqual({})
    expect(world.simulator.ledger()).toEqual({ entries: [], paidJobs: 0, fees: 0, spent: 0, refunded: 0 })
    const real = await world.post("/generate/txt2img", redHouse)
    expect(real.body["creativeUnitsCost"]).toBe(dry.body["creativeUnitsCost"])
    expect(world.simulator.ledger().spent).toBe(dry.body["creativeUnitsCost"])
  })

  test("charges a fee for the IP detection, also on a dry run", async () => {
    await using world = await startStepped()
    const dry = await world.post("/generate/txt2img?dryRun=true&ipDetection=true", redHouse)
    expect(at(dry.body, "ipDetection")).toEqual({
      action: "allowed",
      creativeUnitsCharged: 1.5,
      findings: [],
    })
    expect(world.simulator.ledger()).toMatchObject({ paidJobs: 0, fees: 1.5, spent: 1.5 })
    world.simulator.faults.next("ip-blocked")
    const blocked = await world.post("/generate/txt2img?ipDetection=true", redHouse)
    expect([blocked.status, at(blocked.body, "ipDetection", "action"), blocked.body["job"]]).toEqual([
      200,
      "blocked",
      undefined,
    ])
    expect(world.simulator.ledger()).toMatchObject({ paidJobs: 0, fees: 3 })
  })

  test("ignores dryRun in the body, charges, and reports a violation", async () => {
    await using world = await startStepped()
    const reply = await world.post(`/generate/custom/${canvasImage}`, { prompt: "a fox", dryRun: true })
    expect(reply.status).toBe(200)
    expect(world.simulator.ledger().paidJobs).toBe(1)
    expect(world.simulator.violations()).toEqual([
      {
        requestIndex: 0,
        path: `/v1/generate/custom/${canvasImage}`,
        problem: expect.stringContaining("dryRun belongs in the query"),
      },
    ])
  })

  test.each([
    ["a missing model", { prompt: "x" }, '"modelId" must be a string'],
    ["a wrong type", { ...redHouse, numSamples: "2" }, '"numSamples" must be a number'],
    ["too much", { ...redHouse, numSamples: 129 }, '"numSamples" must be less than or equal to 128'],
    ["too little", { ...redHouse, width: 63 }, '"width" must be greater than or equal to 64'],
    ["an unknown word", { ...redHouse, scheduler: "Best" }, '"scheduler" must be one of [DDIMScheduler'],
    ["an unknown member", { ...redHouse, magic: 1 }, '"magic" is not allowed'],
    [
      "a concept without scale",
      { ...redHouse, concepts: [{ modelId: "m" }] },
      '"concepts[0].scale" must be a number',
    ],
  ])("is refused for %s", async (_what, body, reason) => {
    await using world = await startStepped()
    const reply = await world.post("/generate/txt2img", body)
    expect(reply.status).toBe(400)
    expect(textAt(reply.body, "reason")).toContain(reason)
    expect(world.simulator.violations()).toHaveLength(1)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  test("requires a picture for img2img, by ID or as a data URL", async () => {
    await using world = await startStepped()
    const without = await world.post("/generate/img2img", redHouse)
    expect(without.body).toEqual({ reason: "image parameter is required" })
    expect((await world.post("/generate/img2img", { ...redHouse, imageId: "asset_nowhere" })).status).toBe(
      404,
    )
    expect((await world.post("/generate/img2img", { ...redHouse, image: png1x1 })).status).toBe(200)
    expect(
      (await world.post("/generate/img2img", { ...redHouse, imageId: world.simulator.addAsset() })).status,
    ).toBe(200)
  })

  test("ignores unknown members if it isn't strict, and reports them", async () => {
    await using world = await startStepped({ strict: false })
    const reply = await world.post("/generate/txt2img", { ...redHouse, magic: 1 })
    expect(at(reply.body, "job", "metadata", "input")).toEqual(redHouse)
    expect(world.simulator.violations()).toHaveLength(1)
  })

  test("is refused for a model that doesn't support the endpoint", async () => {
    await using world = await startStepped()
    const status = async (path: string, body = {}) =>
      (await world.post(path, { prompt: "x", ...body })).status
    expect(await status(`/generate/custom/${fluxDev}`)).toBe(400)
    expect(await status("/generate/custom/model_nowhere")).toBe(404)
    expect(await status("/generate/txt2img", { modelId: "model_nowhere" })).toBe(404)
    expect(await status("/generate/txt2img", { modelId: canvasImage })).toBe(400)
    expect(await status("/generate/txt2img-texture", { modelId: fluxDev })).toBe(400)
    const refused = await world.post("/generate/custom/model_enterprise-vision", { prompt: "x" })
    expect(refused.status).toBe(403)
    expect(textAt(refused.body, "reason")).toBe("Model model_enterprise-vision requires the Enterprise plan")
  })

  test("returns text in the response and in the job", async () => {
    await using world = await startStepped()
    const reply = await world.post("/generate/prompt", { mode: "inventive", prompt: "a fox", numResults: 2 })
    expect(listAt(reply.body, "prompts")).toHaveLength(2)
    expect(at(reply.body, "job", "status")).toBe("success")
    expect(at(reply.body, "job", "metadata", "output", "prompts")).toEqual(reply.body["prompts"])
    expect(reply.body["creativeUnitsCost"]).toBe(0.875)
  })

  test("returns a pending asset for remove-background", async () => {
    await using world = await startStepped()
    const reply = await world.post("/generate/remove-background", { image: png1x1 })
    expect(at(reply.body, "asset", "status")).toBe("pending")
    const url = textAt(reply.body, "asset", "url")
    expect((await fetch(url)).status).toBe(404)
    await world.simulator.advance(60_000)
    expect((await fetch(url)).status).toBe(200)
    const asset = await world.get(`/assets/${textAt(reply.body, "asset", "id")}`)
    expect(at(asset.body, "asset", "status")).toBe("success")
  })
})

describe("an endpoint that returns an asset", () => {
  test("sets its status to error if the job fails", async () => {
    await using world = await startStepped()
    world.simulator.planNextJob({ outcome: "failure", durationMs: 1000 })
    const { body } = await world.post("/generate/vectorize", { image: png1x1 })
    await world.simulator.advance(1000)
    const asset = await world.get(`/assets/${textAt(body, "asset", "id")}`)
    expect(at(asset.body, "asset", "status")).toBe("error")
    expect((await fetch(textAt(body, "asset", "url"))).status).toBe(404)
  })
})

describe("a run of a custom model", () => {
  const run = "/generate/custom/"

  test.each([
    ["always", canvasImage, {}, '"prompt" is required'],
    [
      "if another isn't set",
      "model_sculptor-3d",
      { faceLimit: 1000 },
      '"prompt" is required: Give a prompt or pictures.',
    ],
    [
      "if another is set",
      "model_flux-composer",
      { prompt: "x", strength: 0.5 },
      '"image" is required: An image is needed',
    ],
    [
      "if another has a value",
      "model_storyboard-set",
      { shots: [{ prompt: "x" }], mode: "guided" },
      '"guide" is required: A guided',
    ],
    [
      "within a list of inputs",
      "model_storyboard-set",
      { shots: [{ camera: "wide" }] },
      '"prompt" is required',
    ],
  ])("requires an input %s", async (_when, model, body, reason) => {
    await using world = await startStepped()
    const reply = await world.post(run + model, body)
    expect(reply.status).toBe(400)
    expect(textAt(reply.body, "reason")).toContain(reason)
  })

  test.each([
    [
      "too long a prompt",
      canvasImage,
      { prompt: "x".repeat(32001) },
      "length must be less than or equal to 32000",
    ],
    ["a list for a single value", canvasImage, { prompt: ["x"] }, '"prompt" must be a string'],
    [
      "too many items",
      "model_flux-composer",
      { prompt: "x", loras: Array.from({ length: 6 }, () => "m"), lorasScale: [1] },
      "5 items",
    ],
    [
      "a value that isn't allowed",
      "model_reel-video",
      { prompt: "x", duration: 7 },
      '"duration" must be one of [5, 10]',
    ],
    [
      "a value between the steps",
      "model_canvas-image-2",
      { prompt: "x", width: 1000 },
      '"width" must be a multiple of 16',
    ],
    [
      "a number too large",
      canvasImage,
      { prompt: "x", numOutputs: 11 },
      '"numOutputs" must be less than or equal to 10',
    ],
  ])("is refused for %s", async (_what, model, body, reason) => {
    await using world = await startStepped()
    const reply = await world.post(run + model, body)
    expect(reply.status).toBe(400)
    expect(textAt(reply.body, "reason")).toContain(reason)
  })

  test("ignores a single value for a list, and reports a violation", async () => {
    await using world = await startStepped()
    const reply = await world.post(run + canvasImage, { prompt: "x", referenceImages: png1x1, invented: 1 })
    expect(reply.status).toBe(200)
    expect(at(reply.body, "job", "metadata", "input")).toEqual({ prompt: "x", modelId: canvasImage })
    expect(world.simulator.violations().map(({ problem }) => problem)).toEqual([
      '"referenceImages" takes a list; a single value is ignored',
      '"invented" is not an input of this model',
    ])
  })

  test("accepts unknown files in a dry run only", async () => {
    await using world = await startStepped()
    const body = { prompt: "x", referenceImages: ["asset_later"] }
    expect((await world.post(`${run + canvasImage}?dryRun=api`, body)).status).toBe(269)
    expect((await world.post(run + canvasImage, body)).status).toBe(404)
  })

  test("makes the requested number of results, or one for each map", async () => {
    await using world = await startStepped()
    await world.post(run + canvasImage, { prompt: "x", numOutputs: 3 })
    await world.simulator.advance(120_000)
    const patina = await world.post(`${run}model_patina-maps`, { prompt: "moss" })
    await world.simulator.advance(120_000)
    const job = await world.get(`/jobs/${textAt(patina.body, "job", "jobId")}`)
    const assetIds = listAt(job.body, "job", "metadata", "assetIds")
    expect(assetIds).toHaveLength(6)
    const { body } = await world.post("/assets/get-bulk", { assetIds })
    const maps = listAt(body, "assets").map((asset) => [
      at(asset, "outputIndex"),
      at(asset, "metadata", "type"),
    ])
    expect(maps.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [0, "texture-albedo"],
      [1, "texture-normal"],
      [2, "texture-height"],
      [3, "texture-smoothness"],
      [4, "texture-metallic"],
      [5, "texture-ao"],
    ])
    expect(listAt((await world.get("/assets")).body, "assets")).toHaveLength(9)
  })
})

describe("limits", () => {
  test("apply to requests in any minute", async () => {
    await using world = await startStepped({ requestsPerMinute: 3 })
    const status = async () => (await world.get("/jobs")).status
    expect([await status(), await status(), await status(), await status()]).toEqual([200, 200, 200, 429])
    await world.simulator.advance(59_999)
    expect(await status()).toBe(429)
    await world.simulator.advance(1)
    expect(await status()).toBe(200)
  })

  test("apply to jobs that run at once", async () => {
    await using world = await startStepped({ concurrencyLimit: 1 })
    expect((await world.post("/generate/txt2img", redHouse)).status).toBe(200)
    const second = await world.post("/generate/txt2img", redHouse)
    expect([second.status, at(second.body, "details")]).toEqual([
      429,
      { actionName: "inference", actionLimit: 1 },
    ])
    await world.simulator.advance(120_000)
    expect((await world.post("/generate/txt2img", redHouse)).status).toBe(200)
  })

  test("apply to custom jobs and workflows, each with its own name", async () => {
    await using world = await startStepped({ parallelCustomJobs: 1, parallelWorkflows: 2 })
    const custom = () => world.post(`/generate/custom/${canvasImage}`, { prompt: "a fox" })
    const workflow = () => world.put("/workflows/wflow_sprite-sheet/run", { prompt: "a fox" })
    expect((await custom()).status).toBe(200)
    const second = await custom()
    expect([second.status, at(second.body, "details")]).toEqual([
      429,
      { actionName: "parallel-custom-jobs", actionLimit: 1 },
    ])
    expect([(await workflow()).status, (await workflow()).status]).toEqual([200, 200])
    expect(at((await workflow()).body, "details", "actionName")).toBe("parallel-workflows")
    expect((await world.post("/generate/txt2img", redHouse)).status).toBe(200)
  })

  test("apply to the size of a body", async () => {
    await using world = await startStepped()
    const reply = await world.post("/assets", { name: "big", image: "A".repeat(11 * 1024 * 1024) })
    expect([reply.status, reply.body]).toEqual([413, { message: "Request Too Long" }])
  })
})
