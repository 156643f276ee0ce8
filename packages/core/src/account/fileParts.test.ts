import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { cut, fileParts } from "./fileParts.ts"
import { chooseUploadKind, contentTypeOfUrl } from "./uploadKind.ts"

const mebibyte = 1024 * 1024

const collected = async (parts: AsyncIterable<Uint8Array>) => {
  const all: Array<ReadonlyArray<number>> = []
  for await (const part of parts) all.push([...part])
  return all
}

const Chunks = Schema.Array(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))))
const PartSize = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))

describe("a file's parts", () => {
  it.effect.prop(
    "are the file again, each full but the last",
    { chunks: Chunks, partSize: PartSize },
    ({ chunks, partSize }) =>
      Effect.promise(async () => {
        const bytes = chunks.flat()
        const stream = async function* () {
          for (const chunk of chunks) yield Uint8Array.from(chunk)
        }
        const streamed = await collected(fileParts({ fileName: "a", size: bytes.length, stream }, partSize))
        const inMemory = await collected(
          fileParts({ fileName: "a", bytes: Uint8Array.from(bytes) }, partSize),
        )
        assert.deepStrictEqual(streamed.flat(), bytes)
        assert.deepStrictEqual(inMemory, streamed)
        assert.isTrue(streamed.slice(0, -1).every((part) => part.length === partSize))
      }),
  )

  it("are of 8 MiB, unless there would be more than the API takes", () => {
    assert.deepStrictEqual(cut(1), { partSize: 8 * mebibyte, count: 1 })
    assert.deepStrictEqual(cut(8 * mebibyte), { partSize: 8 * mebibyte, count: 1 })
    assert.deepStrictEqual(cut(8 * mebibyte + 1), { partSize: 8 * mebibyte, count: 2 })
    const huge = cut(1e12)
    assert.isAtMost(huge.count, 10_000)
    assert.isAtLeast(huge.count * huge.partSize, 1e12)
  })
})

describe("what a file is uploaded as", () => {
  it("is what the input wants, else what its type says, else an asset", () => {
    assert.strictEqual(chooseUploadKind("video", "image/png"), "video")
    assert.strictEqual(chooseUploadKind("image-hdr", "image/x-exr"), "image")
    assert.strictEqual(chooseUploadKind("document", "application/pdf"), "asset")
    assert.strictEqual(chooseUploadKind(undefined, "model/gltf-binary"), "3d")
    assert.strictEqual(chooseUploadKind(undefined, "text/plain"), "text")
    assert.strictEqual(chooseUploadKind(undefined, "application/octet-stream"), "asset")
  })

  it("is told of a link by its path's extension", () => {
    assert.strictEqual(contentTypeOfUrl("https://example.test/a/house.JPG?name=b.wav"), "image/jpeg")
    assert.strictEqual(contentTypeOfUrl("https://example.test/"), "application/octet-stream")
  })
})
