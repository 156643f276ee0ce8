import type { FaultName, FaultOptions, ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DownloadEnd } from "../src/deliver/FileReader.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { save } from "../src/deliver/node/save.ts"
import { simulate } from "./support/simulation.ts"

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0))

/** A PNG of about this size with all of its chunks, whose pixels nobody looks at. */
const png = (size: number) => {
  const data = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251)
  const chunk = (name: string, body: ReadonlyArray<number> | Uint8Array) => [
    ...[body.length >>> 24, body.length >>> 16, body.length >>> 8, body.length].map((byte) => byte & 0xff),
    ...ascii(name),
    ...body,
    ...(name === "IEND" ? [0xae, 0x42, 0x60, 0x82] : [0, 0, 0, 0]),
  ]
  return Uint8Array.from([
    0x89,
    ...ascii("PNG\r\n"),
    0x1a,
    0x0a,
    ...chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
    ...chunk("IDAT", data),
    ...chunk("IEND", []),
  ])
}

const picture = png(200_000)
const model = new TextEncoder().encode(
  Array.from({ length: 10_000 }, (_, index) => `v ${Math.sin(index)} ${Math.cos(index)} 1\n`).join(""),
)

const pictureIn = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ bytes: picture, mimeType: "image/png", ...more })
const modelIn = (simulator: Simulator) =>
  simulator.addAsset({ bytes: model, kind: "3d", mimeType: "model/obj" })

const cdnRequests = (simulator: Simulator) =>
  simulator.requests().filter((request) => request.origin === "cdn")
const ranges = (simulator: Simulator) => cdnRequests(simulator).map((request) => request.headers["range"])

const download = Effect.fnUntraced(function* (assetId: string) {
  const downloads = yield* Downloads
  let end: DownloadEnd | undefined
  const chunks = yield* Stream.runCollect(
    downloads.download(assetId, { onEnd: (ended) => Effect.sync(() => void (end = ended)) }),
  )
  return { bytes: new Uint8Array(Buffer.concat(chunks)), end }
})

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "scenario-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)
const bytesIn = (path: string) => Effect.promise(async () => new Uint8Array(await readFile(path)))
const namesIn = (path: string) => Effect.promise(() => readdir(path))

const cut = (simulator: Simulator, options: FaultOptions) =>
  simulator.faults.next("truncated-body", { origin: "cdn", ...options })

describe("a complete file", () => {
  it.effect("is kept when Content-Length promised more than came", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("wrong-length")
        const { bytes, end } = yield* download(pictureIn(simulator))
        assert.deepStrictEqual(bytes, picture)
        assert.deepStrictEqual(ranges(simulator), [undefined, `bytes=${picture.length}-`])
        assert.deepStrictEqual(end, { bytes: picture.length, promisedBytes: picture.length + 1000 })
      }),
    ),
  )

  it.effect.each([picture.length, 700])(
    "is kept when the last chunk of a body of %i bytes was lost",
    (size) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const bytes = size === picture.length ? picture : png(size)
          cut(simulator, { framing: "chunked", afterBytes: bytes.length })
          assert.deepStrictEqual((yield* download(pictureIn(simulator, { bytes }))).bytes, bytes)
          assert.deepStrictEqual(
            cdnRequests(simulator).map((request) => request.status),
            [200, 416],
          )
        }),
      ),
  )

  it.effect("is kept when the CDN promises too much every time, and knows no ranges", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("wrong-length", 1)
        simulator.faults.rate("no-ranges", 1)
        assert.deepStrictEqual((yield* download(pictureIn(simulator))).bytes, picture)
        assert.strictEqual(cdnRequests(simulator).length, 2)
      }),
    ),
  )
})

describe("a body that ends early without a Content-Length", () => {
  it.effect.each([true, false])("goes on where it ended (the size is known: %s)", (isSizeKnown) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        if (!isSizeKnown) simulator.faults.rate("wrong-size", 1, { extraBytes: -picture.length })
        cut(simulator, { framing: "ended", afterBytes: 90_000 })
        assert.deepStrictEqual((yield* download(pictureIn(simulator))).bytes, picture)
        assert.deepStrictEqual(ranges(simulator), [undefined, "bytes=90000-"])
      }),
    ),
  )

  it.effect("never becomes a file if it ends there every time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("no-ranges", 1)
        simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 90_000 })
        const path = yield* folder
        const error = yield* Effect.flip(save(pictureIn(simulator), path))
        assert.strictEqual(error._tag, "DownloadFailed")
        assert.include(error.message, `it ended early, after 90000 of ${picture.length} bytes`)
        assert.deepStrictEqual(yield* namesIn(path), [])
        assert.strictEqual(cdnRequests(simulator).length, 2)
      }),
    ),
  )

  it.effect("is a file if it comes twice and has no end mark: the size of an OBJ can be wrong", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("wrong-size", 1)
        simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 1e9 })
        const { bytes, end } = yield* download(modelIn(simulator))
        assert.deepStrictEqual(bytes, model)
        assert.deepStrictEqual(end, { bytes: model.length, promisedBytes: model.length + 1000 })
        assert.deepStrictEqual(ranges(simulator), [undefined, `bytes=${model.length}-`])
      }),
    ),
  )
})

describe("a file that has changed while it was read", () => {
  it.effect.each(["changed-file", "changed-etag"] as const)("is saved from its start (%s)", (fault) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        cut(simulator, { afterBytes: 90_000 })
        const assetId = pictureIn(simulator)
        // The first request is under way when the file changes.
        const saved = yield* save(assetId, path, {
          onProgress: (received) => {
            if (received >= 90_000 && cdnRequests(simulator).length === 1) simulator.faults.rate(fault, 1)
          },
        })
        const bytes = yield* bytesIn(saved.path)
        assert.strictEqual(bytes.length, picture.length)
        assert.strictEqual(saved.bytes, picture.length)
        if (fault === "changed-etag") assert.deepStrictEqual(bytes, picture)
        else assert.deepStrictEqual(bytes.subarray(1024), picture.map((byte) => byte ^ 0x55).subarray(1024))
        assert.strictEqual(cdnRequests(simulator).length, 2)
      }),
    ),
  )

  it.effect("goes on in a stream if its bytes are the same", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        cut(simulator, { afterBytes: 90_000 })
        simulator.faults.next("changed-etag")
        assert.deepStrictEqual((yield* download(pictureIn(simulator))).bytes, picture)
      }),
    ),
  )

  it.effect("ends a stream whose first bytes are of the other file", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        cut(simulator, { afterBytes: 90_000 })
        const downloads = yield* Downloads
        const failing = downloads
          .download(pictureIn(simulator), {
            onProgress: () => simulator.faults.rate("changed-file", 1),
          })
          .pipe(Stream.runDrain, Effect.flip)
        const error = yield* failing
        assert.deepInclude(error, { _tag: "DownloadFailed", isRetryable: true })
        assert.include(error.message, "it changed during the download")
      }),
    ),
  )
})

describe("a resumed file", () => {
  /** What the CDN sends after the first answer was cut at 90,000 bytes, and what it is then. */
  const resumed = Effect.fnUntraced(function* (
    simulator: Simulator,
    faults: ReadonlyArray<FaultName>,
    later: ReadonlyArray<FaultName>,
  ) {
    for (const fault of faults) simulator.faults.rate(fault, 1)
    cut(simulator, { afterBytes: 90_000 })
    const saved = yield* save(pictureIn(simulator), yield* folder, {
      onProgress: (received) => {
        if (received < 90_000 || cdnRequests(simulator).length > 1) return
        for (const fault of later) simulator.faults.rate(fault, 1)
      },
    })
    return yield* bytesIn(saved.path)
  })
  const longer = Uint8Array.from([
    ...picture.subarray(0, 1024),
    ...Array(100).fill(0x55),
    ...picture.subarray(1024),
  ])
  const flipped = picture.map((byte, index) => (index < 1024 ? byte : byte ^ 0x55))

  const changes: ReadonlyArray<
    readonly [title: string, ReadonlyArray<FaultName>, ReadonlyArray<FaultName>, Uint8Array]
  > = [
    ["its size differs, without an ETag", ["no-validators"], ["changed-size"], longer],
    ["its weak ETag differs", ["weak-etag"], ["changed-file"], flipped],
    ["its size differs, and its ETag is gone", [], ["no-validators", "changed-size"], longer],
    ["only its bytes differ, without an ETag", ["no-validators"], ["changed-file"], flipped],
    ["only its bytes differ, and its ETag is gone", [], ["no-validators", "changed-file"], flipped],
  ]
  it.effect.each(changes)("starts over if %s", ([, faults, later, expected]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* resumed(simulator, faults, later), expected)
      }),
    ),
  )

  it.effect.each(["no-validators", "weak-etag"] as const)(
    "goes on where it broke if it is the same (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* resumed(simulator, [fault], []), picture)
          assert.strictEqual(cdnRequests(simulator).length, 2)
          const [, from = ""] = /bytes=(\d+)-/.exec(ranges(simulator)[1] ?? "") ?? []
          assert.isAtLeast(Number(from), 80_000)
          assert.isAtMost(Number(from), 90_000)
        }),
      ),
  )

  it.effect("goes on if its ETag is gone but its bytes are the same", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* resumed(simulator, [], ["no-validators"]), picture)
      }),
    ),
  )

  it.effect.each(["weak-etag", "no-validators", "changed-file"] as const)(
    "never trusts a part that doesn't say which one it is, with %s",
    (later) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const bytes = yield* resumed(simulator, ["unnamed-part"], [later])
          assert.deepStrictEqual(bytes, later === "changed-file" ? flipped : picture)
        }),
      ),
  )

  it.effect.each(changes)("ends a stream if %s", ([, faults, later]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (const fault of faults) simulator.faults.rate(fault, 1)
        cut(simulator, { afterBytes: 90_000 })
        const downloads = yield* Downloads
        const error = yield* downloads
          .download(pictureIn(simulator), {
            onProgress: () => {
              for (const fault of later) simulator.faults.rate(fault, 1)
            },
          })
          .pipe(Stream.runDrain, Effect.flip)
        assert.include(error.message, "it changed during the download")
      }),
    ),
  )
})

describe("a Content-Length that cuts the file short", () => {
  it.effect("is asked about once more, and the rest is read", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("short-file", { afterBytes: 150_000 })
        simulator.faults.rate("no-validators", 1)
        assert.deepStrictEqual((yield* download(pictureIn(simulator))).bytes, picture)
        assert.strictEqual(cdnRequests(simulator).length, 2)
      }),
    ),
  )

  it.effect.each([[true], [false]])(
    "never leaves a damaged file if it stays (with ranges: %s)",
    ([hasRanges]) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          if (hasRanges !== true) simulator.faults.rate("no-ranges", 1)
          simulator.faults.rate("short-file", 1, { afterBytes: 150_000 })
          const path = yield* folder
          const error = yield* Effect.flip(save(pictureIn(simulator), path))
          assert.strictEqual(error._tag, "DownloadFailed")
          assert.include(error.message, `it ended early, after 150000 of`)
          assert.deepStrictEqual(yield* namesIn(path), [])
          assert.strictEqual(cdnRequests(simulator).length, 2)
        }),
      ),
  )

  it.effect("is believed for a file without an end mark whose stated size is wrong", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("wrong-size", 1)
        const { bytes, end } = yield* download(modelIn(simulator))
        assert.deepStrictEqual(bytes, model)
        assert.deepStrictEqual(end, { bytes: model.length, promisedBytes: model.length + 1000 })
        assert.strictEqual(cdnRequests(simulator).length, 2)
      }),
    ),
  )
})

describe("an object that is stored with gzip", () => {
  it.effect.each(["stream", "file"] as const)("starts over when it breaks off (%s)", (as) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("stored-gzip", 1)
        cut(simulator, { afterBytes: 10_000 })
        const assetId = modelIn(simulator)
        const bytes =
          as === "stream"
            ? (yield* download(assetId)).bytes
            : yield* bytesIn((yield* save(assetId, yield* folder)).path)
        assert.deepStrictEqual(bytes, model)
        assert.deepStrictEqual(ranges(simulator), [undefined, undefined])
      }),
    ),
  )
})

describe("a redirect", () => {
  it.effect("is followed when its Location holds raw UTF-8", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("redirect", { to: "raw-utf8" })
        assert.deepStrictEqual((yield* download(pictureIn(simulator))).bytes, picture)
        assert.strictEqual(cdnRequests(simulator)[1]?.query["name"], "h\u00e4user-\u732b.png")
      }),
    ),
  )
})
