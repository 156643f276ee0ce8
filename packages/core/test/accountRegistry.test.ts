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

/** A host that says through whom each request went. */
class Host {
  requests = 0
  readonly fetch: typeof globalThis.fetch = (...args) => {
    this.requests += 1
    return globalThis.fetch(...args)
  }
}

const registry = () =>
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
  it("shares one set of services among calls with the same account", async () => {
    await using simulator = await startSimulator()
    const accounts = registry()
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

  it("sends with a host that is calling, not with one that has left", async () => {
    await using simulator = await startSimulator()
    const accounts = registry()
    const [early, late] = [new Host(), new Host()]
    await accounts.run(makeSettings(simulator), early, usage)
    assert.strictEqual(early.requests, 1)
    await accounts.run(makeSettings(simulator), late, usage)
    assert.deepStrictEqual([early.requests, late.requests], [1, 1])
  })

  it.each([
    ["a slash at the end of the base URL", { baseUrl: "BASE/" }],
    ["a default that is given", { requestsPerMinute: 100, soleSubmitter: undefined }],
  ])("takes settings that differ only by %s for one account", async (_, change) => {
    await using simulator = await startSimulator()
    const accounts = registry()
    const settings = makeSettings(simulator)
    const baseUrl = "baseUrl" in change ? `${settings.baseUrl}/` : settings.baseUrl
    await accounts.run(settings, new Host(), Effect.void)
    await accounts.run({ ...settings, ...change, baseUrl }, new Host(), Effect.void)
    assert.strictEqual(accounts.size, 1)
  })

  it.each([
    ["requests a minute", { requestsPerMinute: 50 }],
    ["requests in flight", { requestsInFlight: 2 }],
    ["the way of signing", { auth: "transport" as const }],
    ["who submits", { soleSubmitter: false }],
    ["the secret", { apiSecret: Redacted.make("another") }],
  ])("takes settings that differ in %s for different accounts", async (_, change) => {
    await using simulator = await startSimulator()
    const accounts = registry()
    const settings = { ...makeSettings(simulator), soleSubmitter: true }
    await accounts.run(settings, new Host(), Effect.void)
    await accounts.run({ ...settings, ...change }, new Host(), Effect.void)
    assert.strictEqual(accounts.size, 2)
  })

  it("sends with a host that still has a call running when another of its calls has ended", async () => {
    await using simulator = await startSimulator()
    const accounts = registry()
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

  it("holds no host once its calls have ended", async () => {
    await using simulator = await startSimulator()
    const accounts = registry()
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

  it("ends a call by its signal, and leaves the account whole", async () => {
    await using simulator = await startSimulator()
    const accounts = registry()
    const host = new Host()
    const exit = await accounts.run(makeSettings(simulator), host, Effect.never, AbortSignal.timeout(20))
    assert.isTrue(Exit.hasInterrupts(exit))
    assert.isTrue(Exit.isSuccess(await accounts.run(makeSettings(simulator), host, usage)))
  })
})
