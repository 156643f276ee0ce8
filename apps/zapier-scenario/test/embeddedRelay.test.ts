import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { type EmbeddedRelay, type EmbeddedRelayOptions, startEmbeddedRelay } from "./embeddedRelay.ts"
import { at, catchFailure, generate, performGenerate, startWorld, type World } from "./zapier.ts"

interface WorldWithRelay extends AsyncDisposable {
  readonly world: World
  readonly relay: EmbeddedRelay
  /** Runs the step, whose run of the Zap has this callback. */
  readonly begin: (
    path: string,
    durationMs: number,
    outcome?: "success" | "failure",
  ) => ReturnType<World["call"]>
  /** Runs the second half of the step, as Zapier does after the callback. */
  readonly resume: (path: string, begun: unknown) => ReturnType<World["call"]>
}

const start = async (options?: EmbeddedRelayOptions): Promise<WorldWithRelay> => {
  const environment: Record<string, string> = {}
  const world = await startWorld({ environment })
  const relay = await startEmbeddedRelay(world.simulator.baseUrl, options)
  Object.assign(environment, relay.environment)
  const { apiKey, apiSecret } = world.simulator
  const authData = { apiKey, apiSecret }
  return {
    world,
    relay,
    begin: (path, durationMs, outcome) => {
      world.simulator.planNextJob({ durationMs, outcome })
      return world.run({
        command: "execute",
        method: performGenerate,
        bundle: { authData, meta: {}, ...generate({}) },
        callback_url: relay.getCallbackUrl(path),
      })
    },
    resume: (path, begun) => {
      const body = relay.posted.find((one) => one.path === path)?.body
      return world.call("creates.generate_asset.operation.performResume", {
        ...generate({}),
        outputData: begun,
        cleanedRequest: body,
        rawRequest: { method: "POST", headers: {}, querystring: "", content: JSON.stringify(body) },
      })
    },
    [Symbol.asyncDispose]: async () => {
      await relay[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

describe("with the real relay, a step", () => {
  it("is resumed by the signed callback, and returns the finished generation", async () => {
    await using tested = await start()
    const { world, relay, begin, resume } = tested
    const begun = await begin("/one", 90_000)
    const id = at(begun.results, "id")
    expect(begun).toMatchObject({ status: "CALLBACK", results: { finished: false } })
    expect(relay.posted).toEqual([])

    await world.sleep(120_000)
    expect(relay.posted).toMatchObject([
      { path: "/one", body: { type: "wait.succeeded", data: { jobs: [{ jobId: id, status: "success" }] } } },
    ])
    const { results } = await resume("/one", begun.results)
    expect(results).toMatchObject({ id, finished: true, status: "success", message: null })
    expect(at(results, "file")).toMatch(/^hydrate\|\|\|/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("whose generation fails later ends with the reason", async () => {
    await using tested = await start()
    const { world, relay, begin, resume } = tested
    const begun = await begin("/failed", 90_000, "failure")
    await world.sleep(120_000)
    expect(relay.posted).toMatchObject([{ body: { type: "wait.failed" } }])
    const failure = await catchFailure(resume("/failed", begun.results))
    expect(failure).toMatchObject({ name: "HaltedError", message: expect.stringMatching(/job_\w+ failed/) })
  })

  it("registers its account once, however often it runs", async () => {
    await using tested = await start()
    const { world, relay, begin } = tested
    const begun = [await begin("/one", 120_000), await begin("/two", 120_000)]
    expect(await relay.countAccounts()).toBe(1)
    const { waits } = await relay.listWaits()
    expect(waits).toHaveLength(2)
    expect(new Set(waits.map(({ accountId }) => accountId)).size).toBe(1)
    await world.sleep(200_000)
    const jobIds = relay.posted.map(({ path, body }) => [path, at(body, "data", "jobs", 0, "jobId")])
    expect(Object.fromEntries(jobIds)).toEqual({
      "/one": at(begun[0]?.results, "id"),
      "/two": at(begun[1]?.results, "id"),
    })
  })
})

describe("an account of the relay", () => {
  it("is removed when no step has used it for a while, and registered again by the next step", async () => {
    await using tested = await start({ accountRetention: Duration.hours(6) })
    const { world, relay, begin, resume } = tested
    await begin("/one", 90_000)
    await world.sleep(Duration.toMillis("5 hours"))
    expect(await relay.countAccounts()).toBe(1)
    await world.sleep(Duration.toMillis("3 hours"))
    expect(await relay.countAccounts()).toBe(0)

    const begun = await begin("/again", 90_000)
    expect(await relay.countAccounts()).toBe(1)
    await world.sleep(120_000)
    expect(await resume("/again", begun.results)).toMatchObject({ results: { finished: true } })
  })

  it("is kept while one of its generations runs", async () => {
    await using tested = await start({ accountRetention: Duration.minutes(30) })
    const { world, relay, begin } = tested
    await begin("/long", Duration.toMillis("70 minutes"))
    await world.sleep(Duration.toMillis("65 minutes"))
    expect(await relay.countAccounts()).toBe(1)
    await world.sleep(Duration.toMillis("10 minutes"))
    expect(relay.posted).toMatchObject([{ path: "/long", body: { type: "wait.succeeded" } }])
  })
})
