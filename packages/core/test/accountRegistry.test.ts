import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { startSimulator } from "@scenario-automation/simulator"
import { Effect, Exit, Layer, Redacted } from "effect"
import { AccountRegistry } from "../src/AccountRegistry.ts"
import { Usage } from "../src/account/Usage.ts"
import { ApiHttp } from "../src/http/ApiHttp.ts"
import { CdnHttp } from "../src/http/CdnHttp.ts"
import { DurationHistory } from "../src/durations/DurationHistory.ts"

/** A host that counts the requests that go through it. */
class Host {
  requests = 0
  readonly fetch: typeof globalThis.fetch = (...args) => {
    this.requests += 1
    return globalThis.fetch(...args)
  }
}

const makeRegistry = () =>
  new AccountRegistry<Host>((current) =>
    Layer.mergeAll(
      ApiHttp.layerFetch((...args) => current().fetch(...args)),
      CdnHttp.layerFetch((...args) => current().fetch(...args)),
    ),
  )

const makeSettings = (simulator: {
  readonly baseUrl: string
  readonly apiKey: string
  readonly apiSecret: string
}) => ({
  apiKey: Redacted.make(simulator.apiKey),
  apiSecret: Redacted.make(simulator.apiSecret),
  baseUrl: simulator.baseUrl,
})

const exposeGarbageCollection = (): (() => void) => {
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  if (typeof collect !== "function") throw new Error("this Node has no gc")
  return () => collect()
}

const usage = Usage.use((service) => service.get())

describe("the account registry", () => {
  it("shares one set of services between calls for the same account", async () => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const settings = makeSettings(simulator)
    const history = DurationHistory.use(Effect.succeed)
    const first = await accounts.run(settings, new Host(), history)
    const second = await accounts.run({ ...settings, baseUrl: simulator.baseUrl }, new Host(), history)
    const other = await accounts.run({ ...settings, projectId: simulator.projectId }, new Host(), history)
    assert.isTrue(Exit.isSuccess(first) && Exit.isSuccess(second) && Exit.isSuccess(other))
    if (!Exit.isSuccess(first) || !Exit.isSuccess(second) || !Exit.isSuccess(other)) return
    assert.strictEqual(first.value, second.value)
    assert.notStrictEqual(first.value, other.value)
    assert.strictEqual(accounts.size, 2)
  })

  it("sends with the host of the running call, not with an earlier one", async () => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const [early, late] = [new Host(), new Host()]
    await accounts.run(makeSettings(simulator), early, usage)
    assert.strictEqual(early.requests, 1)
    await accounts.run(makeSettings(simulator), late, usage)
    assert.deepStrictEqual([early.requests, late.requests], [1, 1])
  })

  it.each([
    ["a slash at the end of the base URL", { baseUrl: "BASE/" }],
    ["an explicit default", { requestsPerMinute: 100, soleSubmitter: undefined }],
  ])("uses one account for settings that differ only by %s", async (_, change) => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const settings = makeSettings(simulator)
    const baseUrl = "baseUrl" in change ? `${settings.baseUrl}/` : settings.baseUrl
    await accounts.run(settings, new Host(), Effect.void)
    await accounts.run({ ...settings, ...change, baseUrl }, new Host(), Effect.void)
    assert.strictEqual(accounts.size, 1)
  })

  it.each([
    ["requests a minute", { requestsPerMinute: 50 }],
    ["requests in flight", { requestsInFlight: 2 }],
    ["the authentication", { auth: "transport" as const }],
    ["the sole submitter", { soleSubmitter: false }],
    ["the secret", { apiSecret: Redacted.make("another") }],
  ])("uses different accounts for settings that differ by %s", async (_, change) => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const settings = { ...makeSettings(simulator), soleSubmitter: true }
    await accounts.run(settings, new Host(), Effect.void)
    await accounts.run({ ...settings, ...change }, new Host(), Effect.void)
    assert.strictEqual(accounts.size, 2)
  })

  it("sends with a host whose call still runs after another of its calls has ended", async () => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const settings = makeSettings(simulator)
    const [busy, later] = [new Host(), new Host()]
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const running = accounts.run(
      settings,
      busy,
      Effect.andThen(
        Effect.promise(() => released),
        usage,
      ),
    )
    await accounts.run(settings, busy, Effect.void)
    await accounts.run(settings, later, Effect.void)
    release()
    await running
    assert.deepStrictEqual([busy.requests, later.requests], [1, 0])
  })

  it("releases a host after its calls have ended", async () => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const collectGarbage = exposeGarbageCollection()
    const use = async () => {
      const host = new Host()
      await accounts.run(makeSettings(simulator), host, Effect.void)
      return new WeakRef(host)
    }
    const host = await use()
    for (let round = 0; round < 20 && host.deref() !== undefined; round++) {
      await new Promise((resolve) => setImmediate(resolve))
      collectGarbage()
    }
    assert.isUndefined(host.deref())
  })

  it("ends an aborted call, and keeps the account usable", async () => {
    await using simulator = await startSimulator()
    const accounts = makeRegistry()
    const host = new Host()
    const exit = await accounts.run(makeSettings(simulator), host, Effect.never, AbortSignal.timeout(20))
    assert.isTrue(Exit.hasInterrupts(exit))
    assert.isTrue(Exit.isSuccess(await accounts.run(makeSettings(simulator), host, usage)))
  })
})
