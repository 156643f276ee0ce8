import { assert, describe, it } from "@effect/vitest"
import { isWebUrl, readDataUrl } from "./DataUrl.ts"
import { getContentType, isLocalFile, getFileSize } from "./LocalFile.ts"

const bytes = new Uint8Array(3)
const stream = () => new Blob([bytes]).stream()

describe("a local file", () => {
  it("is distinguished from all other texts", () => {
    assert.isTrue(isLocalFile({ fileName: "a.png", bytes }))
    assert.isTrue(isLocalFile({ fileName: "a.mp4", size: 3, stream }))
    for (const other of [
      "a.png",
      null,
      {},
      { fileName: "a.png" },
      { fileName: "a.png", size: 3 },
      { bytes },
    ]) {
      assert.isFalse(isLocalFile(other))
    }
  })

  it("has a size", () => {
    assert.strictEqual(getFileSize({ fileName: "a.png", bytes }), 3)
    assert.strictEqual(getFileSize({ fileName: "a.mp4", size: 9, stream }), 9)
  })

  it("has its stated type, or else that of its name, or else octet-stream", () => {
    assert.strictEqual(getContentType({ fileName: "a.png", contentType: "image/webp", bytes }), "image/webp")
    assert.strictEqual(getContentType({ fileName: "my.house.JPG", bytes }), "image/jpeg")
    assert.strictEqual(getContentType({ fileName: "house.constructor", bytes }), "application/octet-stream")
    assert.strictEqual(getContentType({ fileName: "house", bytes }), "application/octet-stream")
  })
})

describe("a data URL", () => {
  it("shows its file's type and size by its head and its length", () => {
    assert.deepStrictEqual(readDataUrl(`data:image/PNG;base64,${btoa("12345")}`), {
      contentType: "image/png",
      size: 5,
    })
    assert.deepStrictEqual(readDataUrl("data:,hello"), { contentType: "text/plain", size: 5 })
    assert.deepStrictEqual(readDataUrl("data:text/plain;charset=utf-8;base64,"), {
      contentType: "text/plain",
      size: 0,
    })
  })

  it("isn't any text", () => {
    for (const text of ["", "asset_1", "data:image/png", "https://example.test/data:,"]) {
      assert.isUndefined(readDataUrl(text))
    }
  })
})

describe("a link", () => {
  it("starts with http or https", () => {
    assert.isTrue(isWebUrl("HTTPS://example.test/a.png"))
    for (const text of ["https://", "ftp://example.test/a", "example.test/a"]) assert.isFalse(isWebUrl(text))
  })
})
