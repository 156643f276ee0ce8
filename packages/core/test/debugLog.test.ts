import { assert, afterEach, beforeEach, describe, it, vi } from "vitest"
import { redHouse, startWorld } from "./support/promiseWorld.ts"

const lines: Array<string> = []

beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line))
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe("SCENARIO_DEBUG", () => {
  it("writes a line for each request, without secrets, inputs, and links", async () => {
    vi.stubEnv("SCENARIO_DEBUG", "1")
    await using world = await startWorld()
    const { assets } = await world.scenario.generate(redHouse)
    for await (const _ of world.scenario.download(assets[0]?.assetId ?? "")) continue
    assert.strictEqual(lines.length, world.simulator.requests().length)
    for (const line of lines) {
      assert.match(
        line,
        /^\d{4}-\d\d-\d\dT[\d:.]+Z scenario (GET|POST) (\/v1\/\S+|127\.0\.0\.1:\d+) \d{3} \d+ ms( attempt 1)?$/,
      )
      for (const secret of [
        world.simulator.apiKey,
        world.simulator.apiSecret,
        "Signature",
        "?",
        "red house",
      ]) {
        assert.notInclude(line, secret)
      }
    }
  })

  it("counts the attempts of a request that is repeated", async () => {
    vi.stubEnv("SCENARIO_DEBUG", "1")
    await using world = await startWorld()
    world.simulator.faults.next("bad-gateway-html", { path: "/models/" })
    await world.scenario.models.get("model_flux-1-dev")
    assert.deepStrictEqual(
      lines.map((line) => line.replace(/^.* scenario /, "").replace(/\d+ ms/, "n ms")),
      [
        "GET /v1/models/model_flux-1-dev 502 n ms attempt 1",
        "GET /v1/models/model_flux-1-dev 200 n ms attempt 2",
      ],
    )
  })

  it("says why no response came", async () => {
    vi.stubEnv("SCENARIO_DEBUG", "true")
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }))
    await using world = await startWorld({ scenario: { fetch } })
    await world.scenario.usage.get({}, { signal: AbortSignal.timeout(100) }).catch(() => undefined)
    assert.match(lines[0] ?? "", /scenario GET \S+ failed \(.*refused.*\) \d+ ms attempt 1$/)
  })

  it.each(["", "0", "false"])("writes nothing if it is %j", async (value) => {
    vi.stubEnv("SCENARIO_DEBUG", value)
    await using world = await startWorld()
    await world.scenario.models.get("model_flux-1-dev")
    assert.deepStrictEqual(lines, [])
  })
})
