import { assert, describe, it } from "vitest"
import { createRandom } from "../world/random.ts"
import { formatSeconds } from "./Chart.ts"
import { LogScale } from "./LogScale.ts"
import { isOverlapping, placeLabels } from "./placeLabels.ts"
import { element } from "./svg.ts"

describe("a logarithmic scale", () => {
  it("maps equal ratios to equal distances", () => {
    const scale = new LogScale([1, 1_000], [0, 300])
    assert.deepStrictEqual(
      [1, 10, 100, 1_000].map((value) => Math.round(scale.at(value))),
      [0, 100, 200, 300],
    )
  })

  it("maps larger values upward if its range is reversed", () => {
    const scale = new LogScale([0.1, 10], [400, 0])
    assert.approximately(scale.at(1), 200, 1e-9)
  })
})

describe("labels", () => {
  const within = { left: 0, top: 0, right: 700, bottom: 400 }

  it.each([1, 2, 3, 4, 5])("cover neither each other nor a dot, and stay inside (seed %i)", (seed) => {
    const random = createRandom(seed)
    const dots = Array.from({ length: 16 }, (_, index) => ({
      x: 40 + 620 * random(),
      y: 40 + 320 * random(),
      text: `client ${index}`,
    }))
    const labels = placeLabels(dots, within)
    for (const [index, { box }] of labels.entries()) {
      assert.isTrue(box.left >= 0 && box.top >= 0 && box.right <= 700 && box.bottom <= 400)
      for (const other of labels.slice(index + 1)) assert.isFalse(isOverlapping(box, other.box))
      for (const { x, y } of dots) {
        assert.isFalse(isOverlapping(box, { left: x - 4, top: y - 4, right: x + 4, bottom: y + 4 }))
      }
    }
  })

  it("don't cover taken boxes", () => {
    const dot = { x: 300, y: 200, text: "client" }
    const taken = { left: 290, top: 150, right: 700, bottom: 250 }
    const [label] = placeLabels([dot], within, [taken])
    assert.isFalse(label !== undefined && isOverlapping(label.box, taken))
  })

  it("are all placed even if there is no room", () => {
    const crowd = Array.from({ length: 60 }, () => ({ x: 100, y: 50, text: "a client with a long name" }))
    const small = { left: 0, top: 0, right: 300, bottom: 100 }
    assert.lengthOf(placeLabels(crowd, small, [small]), 60)
  })

  it("get a line to their dot if they are far from it", () => {
    const dot = { x: 300, y: 200, text: "client" }
    const [near] = placeLabels([dot], within)
    const [far] = placeLabels([dot], within, [{ left: 250, top: 175, right: 350, bottom: 225 }])
    assert.isFalse(near?.isFar)
    assert.isTrue(far?.isFar)
  })
})

describe("an element", () => {
  it("escapes text and attributes", () => {
    assert.strictEqual(
      element("text", { x: 1.25, fill: 'a"b' }, { words: "a < b & c" }),
      '<text x="1.3" fill="a&quot;b">a &lt; b &amp; c</text>',
    )
  })
})

describe("a time", () => {
  it.each([
    [0.5, "0.5 s"],
    [68.5, "1.1 min"],
    [11_701, "3.3 h"],
  ])("of %d s reads %s", (seconds, words) => {
    assert.strictEqual(formatSeconds(seconds), words)
  })
})
