import { assert, describe, it } from "vitest"
import { createRandom } from "../world/random.ts"
import { assumptions } from "../world/workload.ts"
import { constant, heavyTailed, lognormal, mixed } from "./durations.ts"
import { computeFloor, computeMean, type Survival } from "./floor.ts"

describe("the floor", () => {
  const exponential: Survival = (t) => Math.exp(-t)
  const uniform: Survival = (t) => Math.max(0, 1 - t)
  const pareto: Survival = (t) => (t < 1 ? 1 : t ** -1.5)

  it.each([
    ["an exponential, for which a fixed interval is optimal", exponential, 1 / 2],
    ["a uniform distribution", uniform, 2 / 9],
    ["a power law", pareto, 3 / 4],
  ])("matches the closed form for %s", (_, survival, floor) => {
    assert.approximately(computeFloor(survival), floor, 0.002 * floor)
  })

  it("is 0.272 of the mean for a spread of 0.3 with a few stragglers", () => {
    const { survival } = lognormal(1, assumptions.sigma)
    assert.approximately(computeFloor(survival) / computeMean(survival), 0.272, 0.001)
  })

  it("grows with the unit", () => {
    const [one, thousand] = [1, 1_000].map((median) => computeFloor(lognormal(median, 0.3).survival))
    assert.approximately((thousand ?? 0) / (one ?? 1), 1_000, 5)
  })

  it("is nearly zero if all jobs take the same time", () => {
    assert.isBelow(computeFloor(constant(60).survival), 0.04)
  })
})

describe("durations", () => {
  it.each([
    ["a lognormal", lognormal(60, 0.5)],
    ["two speeds", mixed(lognormal(30, 0.15), lognormal(90, 0.15))],
    ["a heavy tail", heavyTailed(30)],
    ["a constant", constant(60)],
  ])("are drawn from their survival function: %s", (_, { draw, survival }) => {
    const random = createRandom(5)
    const drawn = Array.from({ length: 20_000 }, () => draw(random))
    for (const t of [20, 40, 61, 100, 200]) {
      assert.approximately(drawn.filter((one) => one > t).length / drawn.length, survival(t), 0.02, `${t} s`)
    }
  })
})
