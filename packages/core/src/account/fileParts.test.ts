import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { planParts, readParts } from "./fileParts.ts"
import { chooseUploadKind, getContentTypeOfUrl } from "./uploadKind.ts"

const mebibyte = 1024 * 1024

const collect = async (parts: AsyncIterable<Uint8Array>) => {
  const all: Array<ReadonlyArray<number>> = []
  for await (const part of parts) all.push([...part])
  return all
}

const Chunks = Schema.Array(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))))
const PartSize = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))

describe("the parts of a file", () => {
  it.effect.prop(
    "contain the whole file, each full except the last",
    { chunks: Chunks, partSize: PartSize },
    ({ chunks, partSize }) =>
      Effect.promise(async () => {
        const bytes = chunks.flat()
        const stream = async function* () {
          for (const chunk of chunks) yield Uint8Array.from(chunk)
        }
        const streamed = await collect(readParts({ fileName: "a", size: bytes.length, stream }, partSize))
        const inMemory = await collect(readParts({ fileName: "a", bytes: Uint8Array.from(bytes) }, partSize))
        assert.deepStrictEqual(streamed.flat(), bytes)
        assert.deepStrictEqual(inMemory, streamed)
        assert.isTrue(streamed.slice(0, -1).every((part) => part.length === partSize))
      }),
  )

  it("have 8 MiB each, or more if the API would get too many parts", () => {
    assert.deepStrictEqual(planParts(1), { partSize: 8 * mebibyte, count: 1 })
    assert.deepStrictEqual(planParts(8 * mebibyte), { partSize: 8 * mebibyte, count: 1 })
    assert.deepStrictEqual(planParts(8 * mebibyte + 1), { partSize: 8 * mebibyte, count: 2 })
    const huge = planParts(1e12)
    assert.isAtMost(huge.count, 10_000)
    assert.isAtLeast(huge.count * huge.partSize, 1e12)
  })
})

describe("the kind of an upload", () => {
  it("is that of the input, or else follows from the file's type, or else is asset", () => {
    assert.strictEqual(chooseUploadKind("video", "image/png"), "video")
    assert.strictEqual(chooseUploadKind("image-hdr", "image/x-exr"), "image")
    assert.strictEqual(chooseUploadKind("document", "application/pdf"), "asset")
    assert.strictEqual(chooseUploadKind(undefined, "model/gltf-binary"), "3d")
    assert.strictEqual(chooseUploadKind(undefined, "text/plain"), "text")
    assert.strictEqual(chooseUploadKind(undefined, "application/octet-stream"), "asset")
  })

  it("follows from the extension of a URL's path", () => {
    assert.strictEqual(getContentTypeOfUrl("https://example.test/a/house.JPG?name=b.wav"), "image/jpeg")
    assert.strictEqual(getContentTypeOfUrl("https://example.test/"), "application/octet-stream")
  })
})
