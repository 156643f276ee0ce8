import { assert, describe, it } from "vitest"
import { sniffType, typeOf, typeTrouble } from "./FileType.ts"

const text = (value: string) => new TextEncoder().encode(value)
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])
const mp4 = new Uint8Array([0, 0, 0, 24, ...text("ftypisom")])

describe("sniffType", () => {
  it.each([
    [png, "image/png"],
    [jpeg, "image/jpeg"],
    [text("RIFF....WEBPVP8 "), "image/webp"],
    [text("RIFF....WAVEfmt "), "audio/wav"],
    [text("ID3\u0004"), "audio/mpeg"],
    [mp4, "video/mp4"],
    [text("glTF\u0002"), "model/gltf-binary"],
    [text("<!DOCTYPE html><html>"), "text/html"],
    [text("  <svg xmlns="), "image/svg+xml"],
    [text("o cube\nv 0 0 0"), undefined],
    [new Uint8Array(), undefined],
  ])("tells %o as %s", (head, expected) => {
    assert.strictEqual(sniffType(head), expected)
  })
})

describe("typeTrouble", () => {
  it("accepts another picture format than was said, since the CDN converts", () => {
    assert.isUndefined(typeTrouble("image/png", jpeg))
  })

  it("accepts text formats that have no signature", () => {
    assert.isUndefined(typeTrouble("model/obj", text("o cube")))
    assert.isUndefined(typeTrouble("text/plain", text("hello")))
    assert.isUndefined(typeTrouble("image/svg+xml", text("<?xml version='1.0'?><svg>")))
  })

  it.each([
    ["image/png", text("<html><body>Access denied"), "a web page"],
    ["video/mp4", text("<?xml version='1.0'?><Error>"), "an XML message"],
    ["image/png", text("not a picture at all"), "not a file of type image/png"],
  ])("does not accept %s that begins otherwise", (mimeType, head, words) => {
    assert.include(typeTrouble(mimeType, head), words)
  })
})

describe("typeOf", () => {
  it.each([
    ["image/png", jpeg, "image/jpeg"],
    ["application/octet-stream", text("glTF\u0002"), "model/gltf-binary"],
    ["model/vnd.usdz+zip", new Uint8Array([0x50, 0x4b, 3, 4]), "model/vnd.usdz+zip"],
    ["image/svg+xml", text("<?xml version='1.0'?>"), "image/svg+xml"],
    ["text/plain", text("hello"), "text/plain"],
    ["application/octet-stream", text("???"), "application/octet-stream"],
  ])("keeps %s as what its bytes show", (stated, head, expected) => {
    assert.strictEqual(typeOf(stated, head), expected)
  })
})
