import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { type Asset, readAsset } from "../api/Asset.ts"
import { getFileName, numberFileName, findUnknownTemplateFields } from "./FileName.ts"

const makeAsset = (fields: Record<string, unknown>): Asset => {
  const asset = readAsset({
    id: "asset_1",
    url: "https://cdn/1",
    kind: "image",
    mimeType: "image/png",
    ...fields,
  })
  if (asset === undefined) throw new Error("unreadable asset")
  return asset
}

describe("getFileName", () => {
  it.effect.prop(
    "returns one safe name for any prompt and ID",
    { prompt: Schema.String, name: Schema.String, id: Schema.NonEmptyString },
    ({ prompt, name, id }) =>
      Effect.sync(() => {
        const asset = makeAsset({ id, name, metadata: { prompt } })
        const fileName = getFileName(asset, "image/png", "{prompt}-{name}-{assetId}")
        assert.match(fileName, /\.png$/)
        assert.notMatch(fileName, /[/\\:*?"<>|\p{Cc}]/u)
        assert.notMatch(fileName, /^[\s.]/)
        assert.isAtMost(new TextEncoder().encode(fileName).length, 200)
        assert.isAbove(fileName.length, ".png".length)
      }),
    { arbitrary: { runs: 500 } },
  )

  test.each([
    ["../../etc/passwd", "etc-passwd.png"],
    ["C:\\Windows\\system32", "C-Windows-system32.png"],
    ["con", "_con.png"],
    ["LPT1.txt", "_LPT1.txt.png"],
    ["a cat\u0000\u202Egnp.exe", "a cat-gnp.exe.png"],
    ["....", "asset_1.png"],
    ["   ", "asset_1.png"],
    ["猫の絵", "猫の絵.png"],
    ["house.png", "house.png"],
    ["house.JPEG", "house.png"],
    ["house v1.2", "house v1.2.png"],
    ["notes.txt", "notes.txt.png"],
    [
      "\u{1F468}\u200D\u{1F469}\u200D\u{1F467} at home",
      "\u{1F468}\u200D\u{1F469}\u200D\u{1F467} at home.png",
    ],
    [
      "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} \u2764\uFE0F",
      "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} \u2764\uFE0F.png",
    ],
    ["a\u200Db", "a-b.png"],
  ])("turns %j into %j", (name, expected) => {
    assert.strictEqual(getFileName(makeAsset({ name }), "image/png", "{name}"), expected)
  })

  test("shortens a long name between emoji, never within one", () => {
    const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}"
    const stem = getFileName(makeAsset({ name: family.repeat(30) }), "image/png", "{name}").slice(0, -4)
    assert.strictEqual(stem, family.repeat(10))
  })

  test("does not repeat an extension that the template includes", () => {
    assert.strictEqual(getFileName(makeAsset({ name: "house.png" }), "image/png", "{name}.png"), "house.png")
    assert.strictEqual(getFileName(makeAsset({}), "image/png", "cover.PNG"), "cover.png")
  })

  test("fills a template with the asset's fields, and leaves out missing ones", () => {
    const asset = makeAsset({ metadata: { seed: 7, prompt: "a red house" }, properties: { width: 64 } })
    assert.strictEqual(
      getFileName(asset, "image/jpeg", "{prompt}_{seed}_{width}_{height}_{index}", { index: 2 }),
      "a red house_7_64__2.jpg",
    )
  })

  test("uses the extension of the MIME type, or else of the kind", () => {
    assert.strictEqual(getFileName(makeAsset({}), "image/webp"), "asset_1.webp")
    assert.strictEqual(getFileName(makeAsset({ kind: "text" }), "application/octet-stream"), "asset_1.txt")
    assert.strictEqual(getFileName(makeAsset({ kind: "3d" }), "application/octet-stream"), "asset_1.bin")
  })
})

test("numberFileName puts the number before the extension", () => {
  assert.strictEqual(numberFileName("cat.png", 1), "cat.png")
  assert.strictEqual(numberFileName("cat.png", 2), "cat-2.png")
  assert.strictEqual(numberFileName("cat", 3), "cat-3")
})

test("findUnknownTemplateFields returns fields that do not exist", () => {
  assert.deepStrictEqual(findUnknownTemplateFields("{assetId}-{colour}-{}"), ["colour", ""])
})
