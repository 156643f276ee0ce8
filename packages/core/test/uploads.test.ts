import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { Uploads, type UploadOptions } from "../src/account/Uploads.ts"
import { Assets } from "../src/resolve/Assets.ts"
import type { LocalFile } from "../src/account/LocalFile.ts"
import { simulate } from "./support/simulation.ts"

const upload = (file: LocalFile, options?: UploadOptions) =>
  Uploads.use((uploads) => uploads.upload(file, options))
const importUrl = (url: string, options?: UploadOptions) =>
  Uploads.use((uploads) => uploads.importUrl(url, options))

const mebibyte = 1024 * 1024

/** Bytes that differ from place to place, so that parts in the wrong order are another file. */
const makeBytes = (size: number) =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 13)) % 256)

/** The same bytes in chunks that fit no part. */
const streamed = (
  bytes: Uint8Array<ArrayBuffer>,
  facts: { readonly size?: number; readonly fileName?: string } = {},
): LocalFile => ({
  fileName: facts.fileName ?? "film.mp4",
  size: facts.size ?? bytes.byteLength,
  stream: async function* () {
    for (let start = 0; start < bytes.byteLength; start += 1_000_003)
      yield bytes.subarray(start, start + 1_000_003)
  },
})

const sentTo = (simulator: Simulator, path: string) =>
  simulator.requests().filter((request) => request.path.includes(path))

const partsSent = (simulator: Simulator) =>
  simulator.requests().filter((request) => request.origin === "cdn" && request.method === "PUT")

const readFile = (simulator: Simulator, assetId: string) =>
  Effect.gen(function* () {
    const asset = yield* Assets.use((assets) => assets.get(assetId))
    assert.isTrue(asset.url.startsWith(simulator.cdnUrl))
    return yield* Effect.promise(async () => new Uint8Array(await (await fetch(asset.url)).arrayBuffer()))
  })

describe("upload", () => {
  it.effect("sends a small image in one call", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const file = { fileName: "house.png", bytes: makeBytes(3000) }
        const uploaded = yield* upload(file, { parentId: "asset_1", hide: true })
        assert.isUndefined(uploaded.uploadId)
        assert.deepStrictEqual(
          simulator.requests().map((request) => `${request.method} ${request.path}`),
          ["POST /v1/assets"],
        )
        assert.deepInclude(simulator.requests()[0]?.body, {
          name: "house.png",
          parentId: "asset_1",
          hide: true,
        })
        assert.strictEqual(simulator.assets().at(-1)?.["id"], uploaded.assetId)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("sends a small image that is a stream likewise", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* upload(streamed(makeBytes(3000), { fileName: "house.webp" }))
        assert.strictEqual(sentTo(simulator, "/v1/assets").length, 1)
      }),
    ),
  )

  it.effect("cuts a large file into parts of 8 MiB, and waits until it is imported", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const bytes = makeBytes(17 * mebibyte)
        const uploaded = yield* upload(streamed(bytes), { collectionIds: ["col_1"] })
        assert.deepStrictEqual(sentTo(simulator, "/v1/uploads")[0]?.body, {
          fileName: "film.mp4",
          fileSize: bytes.byteLength,
          contentType: "video/mp4",
          kind: "video",
          parts: 3,
          assetOptions: { collectionIds: ["col_1"] },
        })
        const parts = simulator.requests().filter((request) => request.origin === "cdn")
        assert.deepStrictEqual(
          parts.map(({ method, authorization }) => ({ method, authorization })),
          Array.from({ length: 3 }, () => ({ method: "PUT", authorization: "none" as const })),
        )
        assert.strictEqual(parts[0]?.headers["content-type"], "video/mp4")
        assert.isTrue(Buffer.from(yield* readFile(simulator, uploaded.assetId)).equals(Buffer.from(bytes)))
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("holds no more of a stream than the parts on their way", () => {
    const size = 8 * 8 * mebibyte
    let readBytes = 0
    let sentBytes = 0
    let maxHeld = 0
    const chunk = makeBytes(mebibyte)
    const file: LocalFile = {
      fileName: "film.mp4",
      size,
      stream: async function* () {
        for (; readBytes < size; readBytes += chunk.byteLength) {
          maxHeld = Math.max(maxHeld, readBytes - sentBytes)
          yield chunk
        }
      },
    }
    const counting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (init?.body instanceof Uint8Array) sentBytes += init.body.byteLength
      return response
    }
    return simulate({ fetch: counting }, () =>
      Effect.gen(function* () {
        yield* upload(file)
        assert.isAtLeast(sentBytes, size)
        // Three in flight, one that waits, one that is being filled.
        assert.isAtMost(maxHeld, 5 * 8 * mebibyte)
      }),
    )
  })

  it.effect("gives up, with the upload's id, when Scenario takes too long to import it", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const file = { fileName: "voice.wav", bytes: makeBytes(500) }
        const error = yield* Effect.flip(upload(file, { timeout: "1 second" }))
        assert.deepInclude(error, { _tag: "UploadFailed", isRetryable: true, fileName: "voice.wav" })
        assert.include(error.message, "Scenario had not imported it after 1s")
        const uploadId = error._tag === "UploadFailed" ? (error.uploadId ?? "") : ""
        yield* Effect.sleep("5 seconds")
        assert.strictEqual((yield* Uploads.use((uploads) => uploads.get(uploadId))).status, "imported")
      }),
    ),
  )

  it.effect("sends a small file that is no image in one part", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const uploaded = yield* upload({ fileName: "statue.glb", bytes: makeBytes(500) })
        assert.deepInclude(sentTo(simulator, "/v1/uploads")[0]?.body, { kind: "3d", parts: 1 })
        const seen = yield* Uploads.use((uploads) => uploads.get(uploaded.uploadId ?? ""))
        assert.deepInclude(seen, { status: "imported", entityId: uploaded.assetId, fileName: "statue.glb" })
      }),
    ),
  )

  it.effect("puts a part again when the storage stumbles", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("connection-reset", { path: "/uploads/", origin: "cdn" })
        yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
        assert.strictEqual(simulator.requests().filter((request) => request.origin === "cdn").length, 2)
      }),
    ),
  )

  it.effect.each([
    ["a 400 RequestTimeout", "part-timeout", 1],
    ["a 429", "rate-limited", 2],
    ["a 503", "unavailable", 1],
  ] as const)("puts a part again after %s", ([, fault, times]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/uploads/", origin: "cdn", times })
        yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
        assert.strictEqual(partsSent(simulator).length, times + 1)
      }),
    ),
  )

  it.effect("asks for a fresh link when that of a part has expired", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("expired-link", { path: "/uploads/", origin: "cdn" })
        yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
        assert.deepStrictEqual(
          partsSent(simulator).map(({ status }) => status),
          [403, 200],
        )
      }),
    ),
  )

  it.effect("renews the links of parts that come late, before it uses them", () =>
    simulate({ linkTtlMs: 3_600_000 }, (simulator) =>
      Effect.gen(function* () {
        const bytes = makeBytes(17 * mebibyte)
        const slow: LocalFile = {
          fileName: "film.mp4",
          size: bytes.byteLength,
          stream: async function* () {
            yield bytes.subarray(0, 9 * mebibyte)
            await simulator.advance(3_590_000)
            yield bytes.subarray(9 * mebibyte)
          },
        }
        yield* upload(slow)
        assert.deepStrictEqual(
          partsSent(simulator).map(({ status }) => status),
          [200, 200, 200],
        )
      }),
    ),
  )

  it.effect("gives up on a part that the storage never takes, with the reason and without the link", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("part-timeout", 1)
        const error = yield* Effect.flip(upload({ fileName: "voice.wav", bytes: makeBytes(500) }))
        assert.deepInclude(error, { _tag: "UploadFailed", isRetryable: true, fileName: "voice.wav" })
        assert.include(error.message, "the storage returned 400 (RequestTimeout)")
        assert.notInclude(error.message, "Signature")
        assert.strictEqual(partsSent(simulator).length, 5)
      }),
    ),
  )

  it.effect.each([307, 308])("follows a %i of a part without credentials", (status) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("redirect", { path: "/uploads/", status, to: "other-origin" })
        const bytes = makeBytes(500)
        const uploaded = yield* upload({ fileName: "voice.wav", bytes })
        assert.deepStrictEqual(
          partsSent(simulator).map(({ method, authorization }) => [method, authorization]),
          [
            ["PUT", "none"],
            ["PUT", "none"],
          ],
        )
        assert.deepStrictEqual(yield* readFile(simulator, uploaded.assetId), bytes)
      }),
    ),
  )

  it.effect.each([
    ["/v1/uploads", "voice.wav"],
    ["/v1/assets", "house.png"],
  ] as const)("waits in line after a 429 of %s, as a submit does", ([path, fileName]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("rate-limited", { path, method: "POST", retryAfterSeconds: 7 })
        yield* upload({ fileName, bytes: makeBytes(500) })
        const created = sentTo(simulator, path).filter((request) => request.path === path)
        assert.strictEqual(created.length, 2)
        assert.isAtLeast((created[1]?.at ?? 0) - (created[0]?.at ?? 0), 7_000)
      }),
    ),
  )

  const heic = [0, 0, 0, 24, ...Array.from("ftypheic", (one) => one.charCodeAt(0))]
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  const text = (value: string) => Array.from(value, (character) => character.charCodeAt(0))

  it.effect.each([
    ["photo.heic", [1, 2, 3], "image/heic", "image"],
    ["photo", heic, "image/heic", "image"],
    ["statue.fbx", [1, 2, 3], "model/fbx", "3d"],
    ["statue", text("Kaydara FBX Binary"), "model/fbx", "3d"],
    ["film", text("\u0000\u0000\u0000\u0020ftypisom"), "video/mp4", "video"],
    ["film.mp4", text("\u0000\u0000\u0000\u0020ftypqt  "), "video/quicktime", "video"],
  ] as const)("says what %s is by its bytes, else by its name", ([fileName, head, contentType, kind]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (const file of [
          { fileName, bytes: Uint8Array.from(head) },
          streamed(Uint8Array.from(head), { fileName }),
        ]) {
          yield* upload(file)
        }
        const created = sentTo(simulator, "/v1/uploads").filter(({ path }) => path === "/v1/uploads")
        for (const { body } of created) assert.deepInclude(body, { contentType, kind })
        assert.strictEqual(created.length, 2)
      }),
    ),
  )

  it.effect.each([
    ["house.jpg", png, "image/png"],
    ["house.jfif", [0xff, 0xd8, 0xff, 0xe0], "image/jpeg"],
  ] as const)("sends %s as what its bytes are", ([fileName, head, contentType]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* upload(streamed(Uint8Array.from(head), { fileName }))
        assert.include(
          JSON.stringify(sentTo(simulator, "/v1/assets")[0]?.body),
          `data:${contentType};base64,`,
        )
      }),
    ),
  )

  it.effect("goes on when the answer that all is there was lost", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("truncated-body", { path: "/action" })
        const uploaded = yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
        assert.strictEqual(sentTo(simulator, "/action").length, 2)
        assert.isNotEmpty(uploaded.assetId)
      }),
    ),
  )

  it.effect("fails when the file is not as long as it was said to be", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const shorter = yield* Effect.flip(upload(streamed(makeBytes(500), { size: 600 })))
        assert.strictEqual(shorter._tag, "UploadFailed")
        assert.include(shorter.message, "it has 500 bytes, not the 600")
        const longer = yield* Effect.flip(upload(streamed(makeBytes(9 * mebibyte), { size: 600 })))
        assert.include(longer.message, "larger than its 600 bytes")
        const image = yield* Effect.flip(upload(streamed(makeBytes(500), { size: 600, fileName: "a.png" })))
        assert.include(image.message, "does not have the 600 bytes")
      }),
    ),
  )

  it.effect("fails with the reason when the file cannot be read", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          upload({
            fileName: "film.mp4",
            size: 10,
            // oxlint-disable-next-line require-yield -- a disk that fails at once
            stream: async function* () {
              throw new Error("the disk is gone")
            },
          }),
        )
        assert.deepInclude(error, { _tag: "UploadFailed", isRetryable: false, fileName: "film.mp4" })
        assert.include(error.message, "the disk is gone")
      }),
    ),
  )

  it.effect("refuses an empty file, and one without a name, before anything is sent", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(upload({ fileName: " ", bytes: new Uint8Array() }))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.include(error.message, "a file that is not empty")
        assert.include(error.message, "fileName")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})

describe("importUrl", () => {
  it.effect("lets Scenario fetch the file", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const bytes = makeBytes(700)
        const source = simulator.addAsset({ bytes, kind: "audio", mimeType: "audio/wav" })
        const { url } = yield* Assets.use((assets) => assets.get(source))
        const imported = yield* importUrl(url, { kind: "audio" })
        assert.deepStrictEqual(sentTo(simulator, "/v1/uploads")[0]?.body, { url, kind: "audio" })
        assert.deepStrictEqual(yield* readFile(simulator, imported.assetId), bytes)
      }),
    ),
  )

  it.effect("fails with Scenario's reason when it cannot", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(importUrl(`${simulator.cdnUrl}/nowhere.png?Signature=s3cret`))
        assert.deepInclude(error, { _tag: "UploadFailed", isRetryable: false })
        assert.notInclude(error.message, "s3cret")
      }),
    ),
  )

  it.effect("refuses what is no link, without showing its query", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(importUrl("ftp://example.test/a.png?token=s3cret"))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.notInclude(error.message, "s3cret")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})
