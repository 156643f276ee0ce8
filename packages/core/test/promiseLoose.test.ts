import { afterEach, assert, describe, it, vi } from "vitest"
import { createScenario, InvalidInput } from "../src/promise.ts"
import { expectError, expectInstance, redHouse, useWorld } from "./support/promiseWorld.ts"

const world = useWorld()
afterEach(() => vi.unstubAllEnvs())

/** A method of the Promise API with unchecked arguments, as JavaScript calls it. */
const getUntyped = (path: string): ((...args: ReadonlyArray<unknown>) => Promise<unknown>) => {
  const [name = "", method] = path.split(".")
  const member: unknown = Reflect.get(world.scenario, name)
  const owner: unknown = method === undefined ? world.scenario : member
  const call: unknown = typeof owner === "object" && owner !== null && Reflect.get(owner, method ?? name)
  return async (...args) => {
    if (typeof call !== "function") return assert.fail(`there is no ${path}`)
    const result: unknown = Reflect.apply(call, owner, args)
    const next: unknown =
      typeof result === "object" && result !== null && "next" in result ? result.next : undefined
    return typeof next === "function" ? Reflect.apply(next, result, []) : result
  }
}

const cyclic: { self?: unknown } = {}
cyclic.self = cyclic
const cyclicTwice: Array<unknown> = []
cyclicTwice.push(cyclicTwice, { one: cyclicTwice, other: cyclicTwice })

/** Throws when it is read. */
const throwing = {
  get prompt(): string {
    throw new Error("not today")
  },
}
const throwingList = Object.defineProperty([1], 0, { get: () => throwing.prompt })
const throwingProxy = new Proxy({}, { ownKeys: () => [throwing.prompt] })

describe("an invalid value is InvalidInput, and no request is sent", () => {
  const calls: ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> = [
    ...[undefined, null, 5, "", " ", "a/b", "..", {}, { jobId: "" }, { job: {} }, []].flatMap(
      (job): ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> => [
        ["waitFor", [job]],
        ["watch", [job]],
        ["cancel", [job]],
        ["resume", [job]],
        ["jobs.get", [job]],
        ["workflows.approve", [job, "step"]],
        ["resolve", [{ job, assetIds: ["asset_1"] }]],
      ],
    ),
    ...["5000", Number.NaN, -1, Infinity, null, {}, true].flatMap(
      (ms): ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> => [
        ["waitFor", ["job_1", { timeoutMs: ms }]],
        ["watch", ["job_1", { timeoutMs: ms }]],
        ["generate", [redHouse, { timeoutMs: ms }]],
        ["generate", [redHouse, { totalTimeoutMs: ms }]],
        ["submit", [redHouse, { responseTimeoutMs: ms }]],
        ["submit", [redHouse, { reconcileTimeoutMs: ms }]],
        ["submit", [redHouse, { queueTimeoutMs: ms }]],
        ["resolve", [{ job: { jobId: "job_1" }, assetIds: [] }, { timeoutMs: ms }]],
        ["download", ["asset_1", { stallTimeoutMs: ms }]],
        ["uploads.importUrl", ["https://host/a.png", { timeoutMs: ms }]],
      ],
    ),
    ...["text", 5, null, [], () => undefined].flatMap(
      (options): ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> => [
        ["waitFor", ["job_1", options]],
        ["generate", [redHouse, options]],
        ["submit", [redHouse, options]],
        ["jobs.list", [options]],
        ["models.search", ["x", options]],
        ["download", ["asset_1", options]],
      ],
    ),
    ...[
      undefined,
      null,
      "model_1",
      [],
      {},
      { model: undefined },
      { model: "" },
      { model: "a/b", inputs: {} },
    ].flatMap((request): ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> => [
      ["generate", [request]],
      ["submit", [request]],
      ["estimate", [request]],
    ]),
    ["generate", []],
    ["generate", [{ model: "model_1" }]],
    ["generate", [{ model: "model_1", workflow: "wflow_1", inputs: {} }]],
    ["generate", [{ endpoint: "txt3img", inputs: {} }]],
    ["generate", [{ model: "model_1", inputs: cyclic }]],
    ["generate", [{ model: "model_1", inputs: cyclicTwice }]],
    ["generate", [{ model: "model_1", inputs: throwing }]],
    ["generate", [{ model: "model_1", inputs: { deep: [throwing] } }]],
    ["generate", [{ model: "model_1", inputs: { list: throwingList } }]],
    ["generate", [{ model: "model_1", inputs: throwingProxy }]],
    ["estimate", [{ model: "model_1", inputs: throwing }]],
    [
      "submit",
      [
        {
          model: "model_1",
          get inputs() {
            return throwing.prompt
          },
        },
      ],
    ],
    ["generate", [{ model: "model_1", inputs: { number: Number.NaN } }]],
    ["generate", [redHouse, { maxcost: 5 }]],
    ["generate", [redHouse, { onsubmitted: () => {} }]],
    ["submit", [redHouse, { soleSubmitter: true }]],
    ["submit", [redHouse, { timeoutMs: 5_000 }]],
    ["estimate", [redHouse, { ipdetection: true }]],
    ["waitFor", ["job_1", { timeout: 5_000 }]],
    ["generate", [redHouse, { maxCost: "5 CU" }]],
    ["generate", [redHouse, { maxCost: null }]],
    ["generate", [redHouse, { onUpdate: 5 }]],
    ["generate", [redHouse, { onSubmitted: "log" }]],
    ["generate", [redHouse, { ifUncertain: "always" }]],
    ["generate", [redHouse, { signal: "abort" }]],
    ["generate", [redHouse, { stopAtApproval: "yes" }]],
    ["resolve", [{ job: "job_1" }]],
    ["resolve", [undefined]],
    ["download", [undefined]],
    ["download", [{}]],
    ["download", ["asset_1", { rendition: "large" }]],
    ["save", ["asset_1", ""]],
    ["save", [undefined, "folder"]],
    ["saveAll", ["asset_1", "folder"]],
    ["saveAll", [[{}], "folder"]],
    ["localFile", [undefined]],
    ["localFile", [new URL("https://host/a.png")]],
    ["assets.get", [undefined]],
    ["assets.update", ["asset_1", undefined]],
    ["assets.addTags", ["asset_1", "tag"]],
    ["assets.list", [{ tags: "a" }]],
    ["assets.search", [undefined]],
    ["models.get", [" "]],
    ["models.list", [{ privacy: "mine" }]],
    ["usage.get", [{ types: "usages" }]],
    ["uploads.upload", ["./cat.png"]],
    ["uploads.upload", [undefined]],
    ["uploads.upload", [new ReadableStream()]],
    ["uploads.importUrl", [undefined]],
    ["uploads.get", ["a/b"]],
    ["workflows.select", ["job_1", "step", undefined]],
  ]
  // Not every value can be part of a title.
  it.each(calls.map(([name, args], index) => ({ name, args, index })))(
    "$name (case $index)",
    async ({ name, args }) => {
      const before = world.simulator.requests().length
      await expectInstance(getUntyped(name)(...args), InvalidInput)
      assert.strictEqual(world.simulator.requests().length, before)
    },
  )
})

const key = { apiKey: "key", apiSecret: "secret" }

describe("createScenario", () => {
  it.each([
    ["apiKey", { apiSecret: "secret" }],
    ["apiKey", { apiKey: "key\n", apiSecret: "secret" }],
    ["apiKey", { apiKey: "k\u0151y", apiSecret: "secret" }],
    ["apiKey", { apiKey: "key:secret", apiSecret: "secret" }],
    ["apiKey", { apiKey: 5, apiSecret: "secret" }],
    ["apiSecret", { apiKey: "key", apiSecret: "se\r\ncret" }],
    ["baseUrl", { ...key, baseUrl: "api.cloud.scenario.com/v1" }],
    ["baseUrl", { ...key, baseUrl: "localhost:8080/v1" }],
    ["baseUrl", { ...key, baseUrl: "https://host/v1?projectId=1" }],
    ["baseUrl", { ...key, baseUrl: "https://user:password@host/v1" }],
    ["baseUrl", { ...key, baseUrl: "https://" }],
    ["baseUrl", { ...key, baseUrl: 5 }],
    ["projectId", { ...key, projectId: "a b" }],
    ["requestsPerMinute", { ...key, requestsPerMinute: 0 }],
    ["requestsPerMinute", { ...key, requestsPerMinute: Number.NaN }],
    ["requestsPerMinute", { ...key, requestsPerMinute: "100" }],
    ["soleSubmitter", { ...key, soleSubmitter: "no" }],
    ["fetch", { ...key, fetch: "fetch" }],
    ["requestPerMinute", { ...key, requestPerMinute: 5 }],
  ])("rejects an invalid %s without showing a secret", (path, options) => {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- invalid on purpose
      createScenario(options as unknown as Parameters<typeof createScenario>[0])
      assert.fail("it was accepted")
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      assert.deepStrictEqual(
        error.issues.map((issue) => issue.path),
        [path],
      )
      assert.notMatch(error.message, /password@|se\s*cret"/)
    }
  })

  it.each([undefined, {}, { apiKey: "", apiSecret: "" }])(
    "names the environment variables if neither %j nor the environment has a key",
    (options) => {
      vi.stubEnv("SCENARIO_SDK_API_KEY", undefined)
      vi.stubEnv("SCENARIO_SDK_API_SECRET", "")
      assert.throws(() => createScenario(options), /SCENARIO_SDK_API_KEY.*SCENARIO_SDK_API_SECRET/)
    },
  )

  it("reads the environment by default", async () => {
    vi.stubEnv("SCENARIO_SDK_API_KEY", world.simulator.apiKey)
    vi.stubEnv("SCENARIO_SDK_API_SECRET", world.simulator.apiSecret)
    vi.stubEnv("SCENARIO_BASE_URL", `${world.simulator.baseUrl}/`)
    await using scenario = createScenario()
    assert.isAbove(await scenario.estimate(redHouse), 0)
  })

  it("uses the default for an empty base URL", async () => {
    const urls: Array<string> = []
    const fetch: typeof globalThis.fetch = (input) => {
      urls.push(input instanceof Request ? input.url : String(input))
      return Promise.reject(new Error("no network"))
    }
    await using scenario = createScenario({ ...key, baseUrl: " ", fetch })
    const signal = AbortSignal.timeout(200)
    await expectError(scenario.models.get("model_1", { signal }), "TimeoutError")
    assert.strictEqual(urls[0], "https://api.cloud.scenario.com/v1/models/model_1")
  })

  it("disables the cache of fetch", async () => {
    const caches: Array<unknown> = []
    const fetch: typeof globalThis.fetch = (input, init) => {
      caches.push(init?.cache)
      return globalThis.fetch(input, init)
    }
    const { apiKey, apiSecret, baseUrl } = world.simulator
    await using scenario = createScenario({ apiKey, apiSecret, baseUrl, fetch })
    for await (const _ of scenario.download(world.simulator.addAsset())) break
    assert.deepStrictEqual(caches, ["no-store", "no-store"])
  })
})
