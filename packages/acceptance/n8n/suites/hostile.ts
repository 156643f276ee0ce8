import { afterAll, assert, beforeAll, it } from "vitest"
import { type Answer, HostileApi, type Script } from "../HostileApi.ts"
import { getError, getOutput, expectPaid, signIn, type World } from "../realN8n.ts"
import { byId, inputs, type InputItem, scenarioNode, type WorkflowNode, makeWorkflow } from "../Workflow.ts"

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
)
const html = { headers: { "content-type": "text/html" }, body: "<html><h1>Bad Gateway</h1></html>" }
const badGateway: Answer = { status: 502, ...html }
const unavailable: Answer = { status: 503, headers: { "retry-after": "1" }, body: { message: "later" } }
const cut: Answer = { reset: true }

const job = (more: object): Answer => ({ body: { job: { jobId: "job_1", jobType: "custom", ...more } } })
const done = job({ status: "success", metadata: { assetIds: ["asset_1"] } })

const asset = (kind: string, mimeType?: string, url = "{origin}/files/a.png"): Answer => ({
  body: { asset: { id: "asset_1", status: "success", kind, mimeType, url } },
})

const promised = (bytes: number): Answer => ({ headers: { "content-length": String(bytes) }, body: png })

/** A model, and the response to its submit. */
const submitted = (id: string, answer: Answer): Script => ({
  [`GET /models/${id}`]: {
    body: { model: { id, custom: true, inputs: [{ name: "prompt", type: "string" }] } },
  },
  [`POST /generate/custom/${id}`]: answer,
})

const submit = "POST /generate/custom/model_odd"
const poll = "GET /jobs/job_1"

export const hostile = (world: () => World): void => {
  let hostileApi: HostileApi | undefined
  const odd = (): HostileApi => {
    if (hostileApi === undefined) throw new Error("no hostile API is running")
    return hostileApi
  }
  /** A new project for each test, because each has its own request budget. */
  const signInWithOdd = (projectId: string) =>
    signIn(world(), { apiSecret: "a-secret-of-its-own", baseUrl: odd().baseUrl, projectId })
  beforeAll(async () => {
    hostileApi = await HostileApi.start()
    await signInWithOdd("")
  })
  afterAll(async () => {
    await signIn(world())
    await hostileApi?.[Symbol.asyncDispose]()
  })

  let runs = 0
  /** Generates once; requests that the script doesn't name get a normal response. */
  const generate = async (
    script: Script,
    settings: Partial<WorkflowNode> = {},
    items: ReadonlyArray<InputItem> = [{ json: { model: "model_odd" } }],
  ) => {
    odd().play({
      ...submitted("model_odd", job({ status: "queued" })),
      [poll]: done,
      "GET /jobs": { body: { jobs: [] } },
      "GET /assets/asset_1": asset("image"),
      "GET /files/a.png": { headers: { "content-type": "image/png" }, body: png },
      ...script,
    })
    const node = scenarioNode(
      {
        resource: "generation",
        operation: "generate",
        modelId: byId("={{ $json.model }}"),
        mode: "",
        inputs: inputs({ prompt: "a house" }),
      },
      settings,
    )
    const execution = await expectPaid(world(), 0, () =>
      world().api.run(makeWorkflow(`odd-${runs++}`, items, node)),
    )
    assert.notInclude(JSON.stringify(execution), "a-secret-of-its-own")
    return execution
  }

  const generateItem = async (script: Script) => {
    const execution = await generate(script)
    const [item] = getOutput(execution)
    assert.isDefined(item, JSON.stringify(getError(execution)))
    assert.strictEqual(odd().count(submit), 1)
    return item
  }

  it.each<readonly [string, Script]>([
    ["HTML and a reset at the polls", { [poll]: [badGateway, cut, done] }],
    ["a 503 and broken JSON at the polls", { [poll]: [unavailable, { body: "{" }, done] }],
    ["an unknown status", { [poll]: [job({ status: "on-the-moon" }), done] }],
    ["an empty answer at the asset", { "GET /assets/asset_1": [{ body: "" }, badGateway, asset("image")] }],
    ["an asset of an unknown kind without a type", { "GET /assets/asset_1": asset("hologram", "") }],
    [
      "an asset that is listed before its link",
      { "GET /assets/asset_1": [asset("image", "", ""), asset("image")] },
    ],
    ["a link that has expired", { "GET /files/a.png": [{ status: 403, ...html }, { body: png }] }],
    ["a length that is not true", { "GET /files/a.png": [promised(9999), cut, promised(png.length)] }],
  ])("gets its file through %s", { timeout: 60_000 }, async (_, script) => {
    const { json, binary } = await generateItem(script)
    const file = binary?.["data"]
    assert.isDefined(file, JSON.stringify(json))
    assert.strictEqual(file.mimeType, "image/png")
    assert.isTrue((await world().api.bytes(file)).equals(png))
  })

  it("returns an error item for a success with nothing to use, which was charged", async () => {
    const empty = { [poll]: job({ status: "success", metadata: {} }) }
    const execution = await generate(empty, { onError: "continueRegularOutput" })
    const { error, details } = Object(getOutput(execution)[0]?.json)
    assert.match(error, /^Job job_1 succeeded and was charged, but it has no file/)
    assert.deepStrictEqual(details, { kind: "EmptyResult", jobId: "job_1" })
    assert.strictEqual(odd().count(submit), 1)
  })

  it.each<readonly [string, object, RegExp]>([
    ["a text", { error: "Out of paint" }, /^Job job_1 failed: Out of paint\.$/],
    ["an object", { metadata: { error: { message: "Out of paint" } } }, /^Job job_1 failed: Out of paint\.$/],
    ["nothing at all", {}, /^Job job_1 failed: Scenario gives no reason\.$/],
  ])("reports a failure whose error is %s", async (_, more, message) => {
    const execution = await generate({ [poll]: job({ status: "failure", ...more }) })
    assert.match(getError(execution)?.message ?? "", message)
    assert.isNotEmpty(getError(execution)?.description)
  })

  it("does not submit again after a broken response or none", { timeout: 60_000 }, async () => {
    const ruins: ReadonlyArray<Answer> = [badGateway, { status: 500, body: { message: "Oh" } }, cut, html]
    const execution = await generate(
      Object.assign({}, ...ruins.map((ruin, index) => submitted(`model_ruin-${index}`, ruin))),
      { onError: "continueRegularOutput" },
      ruins.map((_, index) => ({ json: { model: `model_ruin-${index}` } })),
    )
    assert.deepStrictEqual(
      getOutput(execution).map(({ json }) => Object(json["details"]).kind),
      ruins.map(() => "SubmitUncertain"),
    )
    for (const [index] of ruins.entries()) {
      assert.strictEqual(odd().count(`POST /generate/custom/model_ruin-${index}`), 1)
    }
  })

  it("submits again after a 429, when Retry-After has passed", { timeout: 60_000 }, async () => {
    await signInWithOdd("proj_hasty")
    const limited: Answer = { status: 429, headers: { "retry-after": "2" }, body: { reason: "Too many" } }
    const begun = Date.now()
    const execution = await generate({ [submit]: [limited, job({ status: "queued" })] })
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    assert.strictEqual(odd().count(submit), 2)
    assert.isAtLeast(Date.now() - begun, 2_000)
  })

  it("keeps waiting after a 504, and after a 429 without Retry-After", { timeout: 60_000 }, async () => {
    await signInWithOdd("proj_busy")
    const hasty: Answer = { status: 429, body: { reason: "Too many requests" } }
    const { json } = await generateItem({ [poll]: [{ status: 504, ...html }, hasty, done] })
    assert.include(json, { jobId: "job_1", status: "success" })
    assert.strictEqual(odd().count(poll), 3)
  })

  it("names an asset that Scenario does not return", { timeout: 60_000 }, async () => {
    const gone: Answer = { status: 404, body: { reason: "Asset not found" } }
    const execution = await generate({ "GET /assets/asset_1": gone }, { onError: "continueRegularOutput" })
    assert.include(Object(getOutput(execution)[0]?.json["details"]), { jobId: "job_1" })
    assert.match(String(getOutput(execution)[0]?.json["error"]), /asset_1/)
  })
}
