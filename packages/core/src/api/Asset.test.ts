import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { readAsset } from "./Asset.ts"

const read = (fields: Record<string, unknown>) => {
  const asset = readAsset({ id: "asset_1", url: "https://cdn/1", ...fields })
  if (asset === undefined) throw new Error("not an asset")
  return asset
}

describe("readAsset", () => {
  test("reads the text of a text asset, unless it was cut short", () => {
    assert.strictEqual(
      read({ kind: "text", properties: { preview: "all", hasFullPreview: true } }).text,
      "all",
    )
    assert.isUndefined(read({ kind: "text", properties: { preview: "some…", hasFullPreview: false } }).text)
    assert.isUndefined(read({ kind: "text", properties: { preview: "some…" } }).text)
  })

  test("reads the original of an HDR image besides its preview", () => {
    const asset = read({
      kind: "image-hdr",
      originalFileUrl: "https://cdn/1.exr",
      originalMimeType: "image/x-exr",
    })
    assert.strictEqual(asset.originalUrl, "https://cdn/1.exr")
    assert.strictEqual(asset.url, "https://cdn/1")
  })

  test.each([
    ["7", "7"],
    [7, "7"],
    [undefined, undefined],
    [[7], undefined],
  ])("reads the seed %j as %j", (seed, expected) => {
    assert.strictEqual(read({ metadata: { seed } }).seed, expected)
  })

  test("reads an asset without a link as pending, unless it has a status", () => {
    assert.strictEqual(readAsset({ id: "asset_1" })?.status, "pending")
    assert.strictEqual(read({}).status, "success")
    assert.strictEqual(read({ status: "error" }).status, "error")
  })

  it.effect.prop("reads any JSON", { body: Schema.Json }, ({ body }) =>
    Effect.sync(() => {
      const asset = readAsset(body)
      assert.isTrue(asset === undefined || asset.assetId.length > 0)
    }),
  )
})
