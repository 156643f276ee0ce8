import { decode } from "jpeg-js"
import { describe, expect, it } from "vitest"
import { makeGlb } from "../../test/makeGlb.ts"
import { readModel } from "./readModel.ts"
import { renderViews, viewCount, viewSize } from "./renderViews.ts"

/** The number of pixels in a view that are clearly red. */
const countRed = (sheet: Uint8Array, view: number): number => {
  const pixels = viewSize.width * viewSize.height
  let red = 0
  for (let pixel = view * pixels; pixel < (view + 1) * pixels; pixel++) {
    if ((sheet[pixel * 4] ?? 0) > (sheet[pixel * 4 + 1] ?? 0) + 60) red++
  }
  return red
}

describe("renderViews", { timeout: 60_000 }, () => {
  const sheet = decode(renderViews(readModel(makeGlb()) ?? []), { useTArray: true })

  it("draws all views below each other", () => {
    expect([sheet.width, sheet.height]).toEqual([viewSize.width, viewSize.height * viewCount])
  })

  it("shows a square wide from its front and narrow from its side", () => {
    const seen = Array.from({ length: viewCount }, (_, view) => countRed(sheet.data, view))
    const share = Math.max(...seen) / (viewSize.width * viewSize.height)
    expect(share).toBeGreaterThan(0.2)
    expect(Math.min(...seen)).toBeLessThan(Math.max(...seen) / 5)
    expect(seen[viewCount / 2]).toBeGreaterThan(Math.max(...seen) / 2)
  })
})
