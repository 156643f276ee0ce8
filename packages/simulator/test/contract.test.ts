import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import type { Json } from "../src/index.ts"
import { isJsonObject } from "../src/json.ts"
import {
  at,
  canvasImage,
  fluxDev,
  listAt,
  png1x1,
  redHouse,
  type Reply,
  startStepped,
  textAt,
} from "./client.ts"
import { exampleBodies } from "./exampleBodies.ts"

// Checks every kind of response against Scenario's published contract. The repository contains no copy of it.

const place =
  process.env["SCENARIO_OPENAPI"] ??
  fileURLToPath(new URL("../../../../shared/scenario-openapi.json", import.meta.url))
const contract: unknown = existsSync(place) ? JSON.parse(readFileSync(place, "utf8")) : undefined
if (contract === undefined) {
  console.warn(
    "Skipped: the contract tests. Set SCENARIO_OPENAPI to the path of Scenario's OpenAPI file to run them.",
  )
}

/** Errors to ignore, because the API is newer than the contract of 2025-11, or the contract is wrong. */
const exceptions: ReadonlyArray<{ readonly at: RegExp; readonly keyword: string; readonly because: string }> =
  [
    {
      at: /\/flow\/\d+\/type$/,
      keyword: "enum",
      because: "documented: a step can wait for a person (user-approval), and there are more types",
    },
    { at: /\/flow\/\d+\/status$/, keyword: "enum", because: "documented: a step can be rejected" },
    {
      at: /\/(kind|outputAssetKinds\/\d+)$/,
      keyword: "enum",
      because: "documented: the asset kind `text` is newer",
    },
    {
      at: /\/inputs\/\d+\/(type|kind)$/,
      keyword: "enum",
      because: "documented: the input type inputs_array and the kind text are newer",
    },
    {
      at: /\/(type|modelTypes\/\d+)$/,
      keyword: "enum",
      because: "documented: the families of LoRAs after FLUX.1 are newer",
    },
    {
      at: /\/metadata\/width$/,
      keyword: "minimum",
      because: "the contract has the bounds of skyboxes for the width of all assets",
    },
  ]

type Contract = {
  readonly paths: Json
  readonly definitions: Json
}

const isContract = (value: unknown): value is Contract =>
  isJsonObject(value) && "paths" in value && "definitions" in value

/**
 * Converts the file's JSON Schema (draft 4) for ajv: an exclusive bound was a boolean, and is a number now. Some bounds in the file
 * aren't numbers; they are removed.
 */
const modernize = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(modernize)
  if (!isJsonObject(schema)) return schema
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = schema
  const members = Object.entries(rest).map(([name, member]): [string, Json | undefined] => [
    name,
    member === undefined ? undefined : modernize(member),
  ])
  return {
    ...Object.fromEntries(members),
    ...(typeof minimum === "number"
      ? { [exclusiveMinimum === true ? "exclusiveMinimum" : "minimum"]: minimum }
      : {}),
    ...(typeof maximum === "number"
      ? { [exclusiveMaximum === true ? "exclusiveMaximum" : "maximum"]: maximum }
      : {}),
  }
}

const createValidator = () => {
  if (!isContract(contract)) throw new Error(`${place} isn't an OpenAPI file`)
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: "contract", definitions: modernize(contract.definitions) })
  const as = (definition: string, reply: Reply): ReadonlyArray<string> => {
    const validate = ajv.compile({ $ref: `contract#/definitions/${definition}` })
    if (validate(reply.body)) return []
    return (validate.errors ?? [])
      .filter(
        (error) =>
          !exceptions.some((known) => known.keyword === error.keyword && known.at.test(error.instancePath)),
      )
      .map((error) => `${error.instancePath} ${error.message ?? ""}: ${JSON.stringify(error.params)}`)
  }
  /** The errors in a response, without the exceptions. */
  const check = (method: string, path: string, reply: Reply): ReadonlyArray<string> => {
    const reference = at(
      contract.paths,
      path,
      method.toLowerCase(),
      "responses",
      `${reply.status}`,
      "schema",
      "$ref",
    )
    if (typeof reference === "string") return as(reference.replace("#/definitions/", ""), reply)
    // For the custom endpoint and workflows, the contract doesn't list 269, which every dry run returns.
    if (reply.status === 269) return as("DryRunResponse", reply)
    return [`${method} ${path} has no response ${reply.status} in the contract`]
  }
  return Object.assign(check, { as })
}

describe.skipIf(contract === undefined)("the contract", () => {
  test("allows the response of each named endpoint, and of its dry run", async () => {
    await using world = await startStepped()
    const check = createValidator()
    for (const [name, body] of Object.entries(exampleBodies)) {
      const path = `/generate/${name}`
      expect({ name, problems: check("POST", path, await world.post(path, body)) }).toEqual({
        name,
        problems: [],
      })
      const dry = await world.post(`${path}?dryRun=true`, body)
      expect({ name, status: dry.status, problems: check("POST", path, dry) }).toEqual({
        name,
        status: 269,
        problems: [],
      })
    }
    expect(world.simulator.violations()).toEqual([])
  })

  test("lists the same named endpoints as the example bodies", () => {
    if (!isContract(contract) || !isJsonObject(contract.paths)) throw new Error("unreadable")
    const named = Object.keys(contract.paths).flatMap(
      (path) => /^\/generate\/([a-z0-9-]+)$/.exec(path)?.[1] ?? [],
    )
    expect(named.toSorted()).toEqual(Object.keys(exampleBodies).toSorted())
  })

  test("allows a job with each status", async () => {
    await using world = await startStepped()
    const check = createValidator()
    const { body } = await world.post("/generate/txt2img", redHouse)
    const seen = new Set<string>()
    for (let step = 0; step < 200; step++) {
      const reply = await world.get(`/jobs/${textAt(body, "job", "jobId")}`)
      seen.add(textAt(reply.body, "job", "status"))
      expect(check("GET", "/jobs/{jobId}", reply)).toEqual([])
      await world.simulator.advance(200)
    }
    expect(seen).toContain("in-progress")
    expect(seen).toContain("success")
    expect(check("GET", "/jobs", await world.get("/jobs"))).toEqual([])
    const another = await world.post("/generate/txt2img", redHouse)
    const path = `/jobs/${textAt(another.body, "job", "jobId")}/action`
    expect(check("POST", "/jobs/{jobId}/action", await world.post(path, { action: "cancel" }))).toEqual([])
  })

  test("allows assets of every kind", async () => {
    await using world = await startStepped({ pictures: "painted" })
    const check = createValidator()
    const models = await world.get("/models/public?pageSize=500")
    expect(check("GET", "/models/public", models)).toEqual([])
    const source = world.simulator.addAsset({ prompt: "a house" })
    const video = world.simulator.addAsset({ kind: "video", prompt: "a house" })
    const bodies: Readonly<Record<string, Json>> = {
      "model_film-restorer": { video },
      "model_storyboard-set": { shots: [{ prompt: "dawn" }] },
      "model_voice-one": { text: "hello" },
      "model_surveyor-json": { image: source },
    }
    for (const model of listAt(models.body, "models")) {
      if (at(model, "custom") !== true || at(model, "accessRestrictions") === 100) continue
      const id = textAt(model, "id")
      const reply = await world.post(`/generate/custom/${id}`, bodies[id] ?? { prompt: "a house" })
      expect({ id, problems: check("POST", "/generate/custom/{modelId}", reply) }).toEqual({
        id,
        problems: [],
      })
    }
    await world.simulator.advance(600_000)
    const list = await world.get("/assets?pageSize=100")
    expect(check("GET", "/assets", list)).toEqual([])
    const kinds = new Set(listAt(list.body, "assets").map((asset) => textAt(asset, "kind")))
    expect([...kinds].toSorted()).toEqual(["3d", "audio", "image", "image-hdr", "json", "text", "video"])
    const ids = listAt(list.body, "assets").map((asset) => textAt(asset, "id"))
    expect(
      check("POST", "/assets/get-bulk", await world.post("/assets/get-bulk", { assetIds: ids })),
    ).toEqual([])
    expect(
      check("GET", "/assets/{assetId}", await world.get(`/assets/${ids[0]}?withEmbedding=true`)),
    ).toEqual([])
    expect(check("GET", "/jobs", await world.get("/jobs?pageSize=200"))).toEqual([])
  })

  test("allows the errors", async () => {
    await using world = await startStepped({ requestsPerMinute: 4 })
    const check = createValidator()
    world.simulator.faults.next("server-error")
    expect(check.as("InternalServerErrorResponse", await world.get("/jobs"))).toEqual([])
    expect(check.as("BadRequestResponse", await world.get("/models/model_nowhere"))).toEqual([])
    for (const name of ["rate-limited", "concurrency-limited", "cooldown"] as const) {
      world.simulator.faults.next(name)
      expect(check.as("TooManyRequests", await world.post("/generate/txt2img", redHouse))).toEqual([])
    }
    for (let count = 0; count < 4; count++) await world.get("/jobs")
    const tooMany = await world.get("/jobs")
    expect([tooMany.status, check.as("TooManyRequests", tooMany)]).toEqual([429, []])
  })

  test("allows the responses of all other endpoints", async () => {
    await using world = await startStepped()
    const check = createValidator()
    const asset = world.simulator.addAsset({ prompt: "a house", isPublic: true, tags: ["blue"] })
    const collection = textAt((await world.post("/collections", { name: "houses" })).body, "collection", "id")
    const upload = await world.post("/uploads", {
      fileName: "a.png",
      fileSize: 3,
      contentType: "image/png",
      kind: "image",
      parts: 1,
    })
    const uploadId = textAt(upload.body, "upload", "id")
    const calls: ReadonlyArray<readonly [method: string, path: string, actual: string, body?: Json]> = [
      ["POST", "/assets", "/assets", { name: "dot", image: png1x1 }],
      ["GET", "/assets/public", "/assets/public"],
      ["GET", "/assets/public/{assetId}", `/assets/public/${asset}`],
      ["PUT", "/assets/{assetId}", `/assets/${asset}`, { name: "house" }],
      ["PUT", "/assets/{assetId}/tags", `/assets/${asset}/tags`, { add: ["red"], delete: ["blue"] }],
      ["PUT", "/assets/{assetId}/lock", `/assets/${asset}/lock`, { lockExpiresAt: "2027-01-01T00:00:00Z" }],
      ["PUT", "/assets/{assetId}/unlock", `/assets/${asset}/unlock`, { forceUnlock: true }],
      [
        "POST",
        "/assets/{assetId}/copy",
        `/assets/${asset}/copy`,
        { targetProjectId: world.simulator.projectId },
      ],
      ["GET", "/assets/{assetId}/snapshots", `/assets/${asset}/snapshots`],
      [
        "POST",
        "/assets/download",
        "/assets/download",
        {
          query: { assetIds: [asset], modelIds: [], inferenceIds: [] },
          options: { fileNameTemplate: "", flat: true },
        },
      ],
      ["POST", "/search/assets", "/search/assets", { query: "house" }],
      ["POST", "/search/assets", "/search/assets", { query: "house", page: 1, hitsPerPage: 2 }],
      ["POST", "/search/models", "/search/models", { query: "flux", public: true }],
      ["POST", "/uploads", "/uploads", { url: "https://example.com/a.png", kind: "image" }],
      ["GET", "/uploads/{uploadId}", `/uploads/${uploadId}`],
      ["POST", "/uploads/{uploadId}/action", `/uploads/${uploadId}/action`, { action: "complete" }],
      ["GET", "/models", "/models?privacy=public&pageSize=2"],
      ["GET", "/models/{modelId}", `/models/${fluxDev}`],
      ["GET", "/models/public/{modelId}", `/models/public/${canvasImage}`],
      ["POST", "/models/get-bulk", "/models/get-bulk", { modelIds: [fluxDev, canvasImage] }],
      ["PUT", "/models/{modelId}/train", "/models/model_own-in-training/train", { parameters: {} }],
      [
        "POST",
        "/models/{modelId}/train/action",
        "/models/model_own-in-training/train/action",
        { action: "cancel" },
      ],
      [
        "POST",
        "/models/{modelId}/training-images",
        "/models/model_own-in-training/training-images",
        { data: png1x1, name: "dot" },
      ],
      ["POST", "/models", "/models", { name: "mine", type: "flux.1-lora" }],
      ["PUT", "/models/{modelId}", "/models/model_own-watercolor", { name: "ours" }],
      [
        "PUT",
        "/models/{modelId}/tags",
        "/models/model_own-watercolor/tags",
        { add: ["wet"], delete: ["mine"] },
      ],
      ["GET", "/models/{modelId}/examples", "/models/model_own-watercolor/examples"],
      ["POST", "/models/{modelId}/copy", "/models/model_own-watercolor/copy", {}],
      ["DELETE", "/models/{modelId}", "/models/model_own-watercolor"],
      ["GET", "/recommendations/models", "/recommendations/models?capabilities=txt2img"],
      ["GET", "/collections", "/collections"],
      ["GET", "/collections/{collectionId}", `/collections/${collection}`],
      ["PUT", "/collections/{collectionId}", `/collections/${collection}`, { name: "homes" }],
      [
        "PUT",
        "/collections/{collectionId}/assets",
        `/collections/${collection}/assets`,
        { assetIds: [asset] },
      ],
      [
        "DELETE",
        "/collections/{collectionId}/assets",
        `/collections/${collection}/assets`,
        { assetIds: [asset] },
      ],
      [
        "PUT",
        "/collections/{collectionId}/models",
        `/collections/${collection}/models`,
        { modelIds: [fluxDev] },
      ],
      [
        "DELETE",
        "/collections/{collectionId}/models",
        `/collections/${collection}/models`,
        { modelIds: [fluxDev] },
      ],
      ["DELETE", "/collections/{collectionId}", `/collections/${collection}`],
      ["GET", "/workflows", "/workflows"],
      ["GET", "/workflows/{workflowId}", "/workflows/wflow_approved-poster"],
      ["PUT", "/workflows/{workflowId}/run", "/workflows/wflow_approved-poster/run", { prompt: "a poster" }],
      [
        "PUT",
        "/workflows/{workflowId}/run",
        "/workflows/wflow_approved-poster/run?dryRun=true",
        { prompt: "a poster" },
      ],
      ["POST", "/workflows", "/workflows", { name: "new", description: "a draft" }],
      ["PUT", "/workflows/{workflowId}", "/workflows/wflow_draft", { name: "newer" }],
      ["DELETE", "/workflows/{workflowId}", "/workflows/wflow_draft"],
      ["GET", "/tags", "/tags"],
      ["GET", "/usages", "/usages?timeRange=30d"],
      ["GET", "/oscu/prices", "/oscu/prices"],
      ["DELETE", "/assets", "/assets", { assetIds: [asset] }],
    ]
    for (const [method, path, actual, body] of calls) {
      const reply = await world.call(method, actual, body)
      expect({ path: `${method} ${actual}`, problems: check(method, path, reply) }).toEqual({
        path: `${method} ${actual}`,
        problems: [],
      })
    }
  })
})
