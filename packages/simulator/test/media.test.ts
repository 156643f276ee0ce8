import { inflateSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import type { AssetSpec, PictureStyle } from "../src/media/AssetSpec.ts"
import { makeFile } from "../src/media/makeFile.ts"
import { paint } from "../src/media/paint.ts"

const spec: AssetSpec = {
  kind: "image",
  mimeType: "image/png",
  style: "scene",
  prompt: "a red house",
  modelName: "Flux",
  seed: "7",
  index: 0,
  width: 320,
  height: 240,
  label: "txt2img",
}

const styles: ReadonlyArray<PictureStyle> = [
  "scene",
  "painting",
  "controlnet",
  "adapter",
  "texture",
  "cut-out",
  "pixels",
  "line-art",
  "panorama",
  "product",
  "plain",
]

describe("pictures", () => {
  test.each(styles)("of the style %s are the same for the same spec", (style) => {
    expect(makeFile({ ...spec, style }).equals(makeFile({ ...spec, style }))).toBe(true)
  })

  test("differ by style, prompt, seed and index", () => {
    const files = [
      ...styles.map((style) => ({ ...spec, style })),
      { ...spec, prompt: "a blue house" },
      { ...spec, seed: "8" },
      { ...spec, index: 1 },
    ].map((variant) => makeFile(variant).toString("base64"))
    expect(new Set(files).size).toBe(files.length)
  })

  test("with the style cut-out are transparent at the edge, and scenes are not", () => {
    const opacityAt = (style: PictureStyle) => paint({ ...spec, style }).pixels[3]
    expect(opacityAt("cut-out")).toBe(0)
    expect(opacityAt("scene")).toBe(255)
  })

  test("have as many bytes of pixels as their header says", () => {
    for (const style of ["scene", "cut-out", "plain"] as const) {
      const png = makeFile({ ...spec, style })
      const channels = png[25] === 6 ? 4 : 3
      const length = png.readUInt32BE(33)
      expect(inflateSync(png.subarray(41, 41 + length)).length).toBe((320 * channels + 1) * 240)
    }
  })

  test("can have a single pixel", () => {
    expect(makeFile({ ...spec, width: 1, height: 1 }).readUInt32BE(16)).toBe(1)
  })
})

describe("other files", () => {
  const made = (kind: AssetSpec["kind"], mimeType: string) => makeFile({ ...spec, kind, mimeType })

  test("have the format of their MIME type", () => {
    expect(made("image", "image/jpeg").subarray(0, 3).toString("hex")).toBe("ffd8ff")
    expect(made("image", "image/svg+xml").toString()).toMatch(/^<svg .*a red house.*<\/svg>$/s)
    expect(made("audio", "audio/wav").subarray(0, 4).toString()).toBe("RIFF")
    expect(made("video", "video/mp4").subarray(4, 8).toString()).toBe("ftyp")
    expect(JSON.parse(made("json", "application/json").toString())).toMatchObject({ subject: "a red house" })
  })

  test("of GLB have the length that their header says", () => {
    const glb = made("3d", "model/gltf-binary")
    expect(glb.readUInt32LE(8)).toBe(glb.length)
    const jsonLength = glb.readUInt32LE(12)
    const scene: unknown = JSON.parse(glb.subarray(20, 20 + jsonLength).toString())
    expect(scene).toMatchObject({ buffers: [{ byteLength: glb.length - 28 - jsonLength }] })
  })

  test("of MP4 consist of boxes, and the first picture is at the offset in the table", () => {
    const mp4 = made("video", "video/mp4")
    const boxes: Array<string> = []
    for (let start = 0; start < mp4.length; start += mp4.readUInt32BE(start))
      boxes.push(mp4.toString("latin1", start + 4, start + 8))
    expect(boxes).toEqual(["ftyp", "moov", "mdat"])
    const first = mp4.readUInt32BE(mp4.indexOf("stco") + 12)
    expect(first).toBe(mp4.indexOf("mdat") + 4)
    expect(mp4.readUInt32BE(first)).toBe(mp4.readUInt32BE(mp4.indexOf("stsz") + 16) - 4)
    expect((mp4[first + 4] ?? 0) & 31).toBe(5)
  })
})
