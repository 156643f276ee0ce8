import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { type Asset, readAsset } from "../api/Asset.ts"
import { getFileName, numberedName, unknownTemplateFields } from "./FileName.ts"

const assetWith = (fields: Record<string, unknown>): Asset => {
  const asset = readAsset({
    id: "asset_1",
    url: "https://cdn/1",
    kind: "image",
    mimeType: "image/png",
    ...fields,
  })
  if (asset === undefined) throw new Error("not an asset")
  return asset
}

describe("getFileName", () => {
  it.effect.prop(
    "is one safe name, whatever the prompt and the id are",
    { prompt: Schema.String, name: Schema.String, id: Schema.NonEmptyString },
    ({ prompt, name, id }) =>
      Effect.sync(() => {
        const asset = assetWith({ id, name, metadata: { prompt } })
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
  ])("makes %j into %j", (name, expected) => {
    assert.strictEqual(getFileName(assetWith({ name }), "image/png", "{name}"), expected)
  })

  test("cuts a long name between emoji, never within one", () => {
    const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}"
    const stem = getFileName(assetWith({ name: family.repeat(30) }), "image/png", "{name}").slice(0, -4)
    assert.strictEqual(stem, family.repeat(10))
  })

  test("repeats no extension that the template spells out", () => {
    assert.strictEqual(getFileName(assetWith({ name: "house.png" }), "image/png", "{name}.png"), "house.png")
    assert.strictEqual(getFileName(assetWith({}), "image/png", "cover.PNG"), "cover.png")
  })

  test("fills a template with what the asset has, and leaves out what it has not", () => {
    const asset = assetWith({ metadata: { seed: 7, prompt: "a red house" }, properties: { width: 64 } })
    assert.strictEqual(
      getFileName(asset, "image/jpeg", "{prompt}_{seed}_{width}_{height}_{index}", { index: 2 }),
      "a red house_7_64__2.jpg",
    )
  })

  test("takes the extension of the bytes' own type", () => {
    assert.strictEqual(getFileName(assetWith({}), "image/webp"), "asset_1.webp")
    assert.strictEqual(getFileName(assetWith({ kind: "text" }), "application/octet-stream"), "asset_1.txt")
    assert.strictEqual(getFileName(assetWith({ kind: "3d" }), "application/octet-stream"), "asset_1.bin")
  })
})

test("numberedName puts the number before the extension", () => {
  assert.strictEqual(numberedName("cat.png", 1), "cat.png")
  assert.strictEqual(numberedName("cat.png", 2), "cat-2.png")
  assert.strictEqual(numberedName("cat", 3), "cat-3")
})

test("unknownTemplateFields names what no asset has", () => {
  assert.deepStrictEqual(unknownTemplateFields("{assetId}-{colour}-{}"), ["colour", ""])
})
