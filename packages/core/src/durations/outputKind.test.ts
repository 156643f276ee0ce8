import { assert, describe, it } from "vitest"
import { getOutputKind } from "./outputKind.ts"

describe("getOutputKind", () => {
  it.each([
    [["txt2img", "img2img_texture", "controlnet_inpaint_ip_adapter", "outpaint", "reference"], "image"],
    [["txt2video", "img2video"], "video"],
    [["txt2audio"], "audio"],
    [["img23d", "3d23d"], "3d"],
    [["txt2img", "img2video"], undefined],
    [["txt2video", "something new"], undefined],
    [["something new"], undefined],
    [[], undefined],
  ])("derives from %j what the model makes: %s", (capabilities, kind) => {
    assert.strictEqual(getOutputKind(capabilities), kind)
  })
})
