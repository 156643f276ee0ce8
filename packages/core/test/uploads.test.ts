import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { Uploads, type UploadOptions } from "../src/account/Uploads.ts"
import { Assets } from "../src/resolve/Assets.ts"
import type { LocalFile } from "../src/account/LocalFile.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

const upload = (file: LocalFile, options?: UploadOptions) =>
  Uploads.use((uploads) => uploads.upload(file, options))
const importUrl = (url: string, options?: UploadOptions) =>
  Uploads.use((uploads) => uploads.importUrl(url, options))

const mebibyte = 1024 * 1024

/** Bytes without a period of the part size, so that parts in the wrong order make a different file. */
const makeBytes = (size: number) =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 13)) % 256)

/** A file that streams its bytes in chunks of another size than a part. */
const toStream = (
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

const getRequestsTo = (simulator: Simulator, path: string) =>
  simulator.requests().filter((request) => request.path.includes(path))

const getSentParts = (simulator: Simulator) =>
  simulator.requests().filter((request) => request.origin === "cdn" && request.method === "PUT")

const readFile = (simulator: Simulator, assetId: string) =>
  Effect.gen(function* () {
    const asset = yield* Assets.use((assets) => assets.get(assetId))
    assert.isTrue(asset.url.startsWith(simulator.cdnUrl))
    return yield* Effect.promise(async () => new Uint8Array(await (await fetch(asset.url)).arrayBuffer()))
  })

describe("upload", () => {
  simulatedTest("sends a small image in one call", function* (simulator) {
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
  })

  simulatedTest("sends a small image from a stream in one call", function* (simulator) {
    yield* upload(toStream(makeBytes(3000), { fileName: "house.webp" }))
    assert.strictEqual(getRequestsTo(simulator, "/v1/assets").length, 1)
  })

  simulatedTest(
    "splits a large file into parts of 8 MiB, and waits until it is imported",
    function* (simulator) {
      const bytes = makeBytes(17 * mebibyte)
      const uploaded = yield* upload(toStream(bytes), { collectionIds: ["col_1"] })
      assert.deepStrictEqual(getRequestsTo(simulator, "/v1/uploads")[0]?.body, {
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
    },
  )

  it.effect("keeps at most five parts of a stream in memory", () => {
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
    return simulate({ fetch: counting }, function* () {
      yield* upload(file)
      assert.isAtLeast(sentBytes, size)
      // Three parts in flight, one that waits, and one that is being read.
      assert.isAtMost(maxHeld, 5 * 8 * mebibyte)
    })
  })

  simulatedTest("fails at its timeout with the upload's ID", function* () {
    const file = { fileName: "voice.wav", bytes: makeBytes(500) }
    const error = yield* expectFailure(upload(file, { timeout: "1 second" }), "UploadFailed")
    assert.deepInclude(error, { isRetryable: true, fileName: "voice.wav" })
    assert.include(error.message, "Scenario didn't import it within 1s")
    const uploadId = error.uploadId ?? ""
    yield* Effect.sleep("5 seconds")
    assert.strictEqual((yield* Uploads.use((uploads) => uploads.get(uploadId))).status, "imported")
  })

  simulatedTest("sends a small file that is not an image in one part", function* (simulator) {
    const uploaded = yield* upload({ fileName: "statue.glb", bytes: makeBytes(500) })
    assert.deepInclude(getRequestsTo(simulator, "/v1/uploads")[0]?.body, { kind: "3d", parts: 1 })
    const read = yield* Uploads.use((uploads) => uploads.get(uploaded.uploadId ?? ""))
    assert.deepInclude(read, { status: "imported", entityId: uploaded.assetId, fileName: "statue.glb" })
  })

  simulatedTest("sends a part again after a lost connection", function* (simulator) {
    simulator.faults.next("connection-reset", { path: "/uploads/", origin: "cdn" })
    yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
    assert.strictEqual(simulator.requests().filter((request) => request.origin === "cdn").length, 2)
  })

  simulatedTest.each([
    ["a 400 RequestTimeout", "part-timeout", 1],
    ["a 429", "rate-limited", 2],
    ["a 503", "unavailable", 1],
  ] as const)("sends a part again after %s", function* (simulator, [, fault, times]) {
    simulator.faults.next(fault, { path: "/uploads/", origin: "cdn", times })
    yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
    assert.strictEqual(getSentParts(simulator).length, times + 1)
  })

  simulatedTest("refreshes the link of a part after it has expired", function* (simulator) {
    simulator.faults.next("expired-link", { path: "/uploads/", origin: "cdn" })
    yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
    assert.deepStrictEqual(
      getSentParts(simulator).map(({ status }) => status),
      [403, 200],
    )
  })

  simulatedTest(
    "refreshes the links of late parts before they expire",
    { linkTtlMs: 3_600_000 },
    function* (simulator) {
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
        getSentParts(simulator).map(({ status }) => status),
        [200, 200, 200],
      )
    },
  )

  simulatedTest(
    "fails with the reason, but without the link, if the storage never accepts a part",
    function* (simulator) {
      simulator.faults.rate("part-timeout", 1)
      const error = yield* expectFailure(
        upload({ fileName: "voice.wav", bytes: makeBytes(500) }),
        "UploadFailed",
      )
      assert.deepInclude(error, { isRetryable: true, fileName: "voice.wav" })
      assert.include(error.message, "the storage returned 400 (RequestTimeout)")
      assert.notInclude(error.message, "Signature")
      assert.strictEqual(getSentParts(simulator).length, 5)
    },
  )

  simulatedTest.each([307, 308])("follows a %i of a part without credentials", function* (simulator, status) {
    simulator.faults.next("redirect", { path: "/uploads/", status, to: "other-origin" })
    const bytes = makeBytes(500)
    const uploaded = yield* upload({ fileName: "voice.wav", bytes })
    assert.deepStrictEqual(
      getSentParts(simulator).map(({ method, authorization }) => [method, authorization]),
      [
        ["PUT", "none"],
        ["PUT", "none"],
      ],
    )
    assert.deepStrictEqual(yield* readFile(simulator, uploaded.assetId), bytes)
  })

  simulatedTest.each([
    ["/v1/uploads", "voice.wav"],
    ["/v1/assets", "house.png"],
  ] as const)("waits after a 429 from %s, and tries again", function* (simulator, [path, fileName]) {
    simulator.faults.next("rate-limited", { path, method: "POST", retryAfterSeconds: 7 })
    yield* upload({ fileName, bytes: makeBytes(500) })
    const created = getRequestsTo(simulator, path).filter((request) => request.path === path)
    assert.strictEqual(created.length, 2)
    assert.isAtLeast((created[1]?.at ?? 0) - (created[0]?.at ?? 0), 7_000)
  })

  const heic = [0, 0, 0, 24, ...Array.from("ftypheic", (one) => one.charCodeAt(0))]
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  const text = (value: string) => Array.from(value, (character) => character.charCodeAt(0))

  simulatedTest.each([
    ["photo.heic", [1, 2, 3], "image/heic", "image"],
    ["photo", heic, "image/heic", "image"],
    ["statue.fbx", [1, 2, 3], "model/fbx", "3d"],
    ["statue", text("Kaydara FBX Binary"), "model/fbx", "3d"],
    ["film", text("\u0000\u0000\u0000\u0020ftypisom"), "video/mp4", "video"],
    ["film.mp4", text("\u0000\u0000\u0000\u0020ftypqt  "), "video/quicktime", "video"],
  ] as const)(
    "detects the type of %s by its bytes, or else by its name",
    function* (simulator, [fileName, head, contentType, kind]) {
      for (const file of [
        { fileName, bytes: Uint8Array.from(head) },
        toStream(Uint8Array.from(head), { fileName }),
      ]) {
        yield* upload(file)
      }
      const created = getRequestsTo(simulator, "/v1/uploads").filter(({ path }) => path === "/v1/uploads")
      for (const { body } of created) assert.deepInclude(body, { contentType, kind })
      assert.strictEqual(created.length, 2)
    },
  )

  simulatedTest.each([
    ["house.jpg", png, "image/png"],
    ["house.jfif", [0xff, 0xd8, 0xff, 0xe0], "image/jpeg"],
  ] as const)("sends %s with the type of its bytes", function* (simulator, [fileName, head, contentType]) {
    yield* upload(toStream(Uint8Array.from(head), { fileName }))
    assert.include(
      JSON.stringify(getRequestsTo(simulator, "/v1/assets")[0]?.body),
      `data:${contentType};base64,`,
    )
  })

  simulatedTest("continues if the response to the completion was lost", function* (simulator) {
    simulator.faults.next("truncated-body", { path: "/action" })
    const uploaded = yield* upload({ fileName: "voice.wav", bytes: makeBytes(500) })
    assert.strictEqual(getRequestsTo(simulator, "/action").length, 2)
    assert.isNotEmpty(uploaded.assetId)
  })

  simulatedTest("fails if the file does not have its stated size", function* () {
    const shorter = yield* expectFailure(upload(toStream(makeBytes(500), { size: 600 })), "UploadFailed")
    assert.include(shorter.message, "it has 500 bytes, not the stated 600")
    const longer = yield* Effect.flip(upload(toStream(makeBytes(9 * mebibyte), { size: 600 })))
    assert.include(longer.message, "larger than its 600 bytes")
    const image = yield* Effect.flip(upload(toStream(makeBytes(500), { size: 600, fileName: "a.png" })))
    assert.include(image.message, "doesn't have the stated 600 bytes")
  })

  simulatedTest("fails with the reason if the file can't be read", function* () {
    const error = yield* expectFailure(
      upload({
        fileName: "film.mp4",
        size: 10,
        // oxlint-disable-next-line require-yield -- it fails before its first chunk
        stream: async function* () {
          throw new Error("the disk is gone")
        },
      }),
      "UploadFailed",
    )
    assert.deepInclude(error, { isRetryable: false, fileName: "film.mp4" })
    assert.include(error.message, "the disk is gone")
  })

  simulatedTest("rejects an empty file and an empty name before a request is sent", function* (simulator) {
    const error = yield* expectFailure(upload({ fileName: " ", bytes: new Uint8Array() }), "InvalidInput")
    assert.include(error.message, "file: The file is empty.")
    assert.include(error.message, "fileName")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})

describe("importUrl", () => {
  simulatedTest("makes Scenario fetch the file", function* (simulator) {
    const bytes = makeBytes(700)
    const source = simulator.addAsset({ bytes, kind: "audio", mimeType: "audio/wav" })
    const { url } = yield* Assets.use((assets) => assets.get(source))
    const imported = yield* importUrl(url, { kind: "audio" })
    assert.deepStrictEqual(getRequestsTo(simulator, "/v1/uploads")[0]?.body, { url, kind: "audio" })
    assert.deepStrictEqual(yield* readFile(simulator, imported.assetId), bytes)
  })

  simulatedTest("fails without showing the link if Scenario can't fetch it", function* (simulator) {
    const error = yield* expectFailure(
      importUrl(`${simulator.cdnUrl}/nowhere.png?Signature=s3cret`),
      "UploadFailed",
    )
    assert.deepInclude(error, { isRetryable: false })
    assert.notInclude(error.message, "s3cret")
  })

  simulatedTest("rejects a URL that is not http, without showing its query", function* (simulator) {
    const error = yield* expectFailure(importUrl("ftp://example.test/a.png?token=s3cret"), "InvalidInput")
    assert.notInclude(error.message, "s3cret")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})
