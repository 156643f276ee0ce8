import type { FaultName, FaultOptions, ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { DownloadEnd } from "../src/deliver/FileReader.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { save } from "../src/deliver/node/save.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { listNames, readBytes, temporaryFolder } from "./support/files.ts"
import { getCdnRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0))

/** A complete PNG with about this many bytes of invalid pixel data. */
const makePng = (size: number) => {
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

const picture = makePng(200_000)
const model = new TextEncoder().encode(
  Array.from({ length: 10_000 }, (_, index) => `v ${Math.sin(index)} ${Math.cos(index)} 1\n`).join(""),
)

const addPicture = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ bytes: picture, mimeType: "image/png", ...more })
const addModel = (simulator: Simulator) =>
  simulator.addAsset({ bytes: model, kind: "3d", mimeType: "model/obj" })

const listRanges = (simulator: Simulator) =>
  getCdnRequests(simulator).map((request) => request.headers["range"])

const download = Effect.fnUntraced(function* (assetId: string) {
  const downloads = yield* Downloads
  let end: DownloadEnd | undefined
  const chunks = yield* Stream.runCollect(
    downloads.download(assetId, { onEnd: (ended) => Effect.sync(() => void (end = ended)) }),
  )
  return { bytes: new Uint8Array(Buffer.concat(chunks)), end }
})

const truncateNext = (simulator: Simulator, options: FaultOptions) =>
  simulator.faults.next("truncated-body", { origin: "cdn", ...options })

describe("a complete file", () => {
  simulatedTest("is kept if Content-Length is too large", function* (simulator) {
    simulator.faults.next("wrong-length")
    const { bytes, end } = yield* download(addPicture(simulator))
    assert.deepStrictEqual(bytes, picture)
    assert.deepStrictEqual(listRanges(simulator), [undefined, `bytes=${picture.length}-`])
    assert.deepStrictEqual(end, { bytes: picture.length, promisedBytes: picture.length + 1000 })
  })

  simulatedTest.each([picture.length, 700])(
    "is kept if a chunked body of %i bytes has no last chunk",
    function* (simulator, size) {
      const bytes = size === picture.length ? picture : makePng(size)
      truncateNext(simulator, { framing: "chunked", afterBytes: bytes.length })
      assert.deepStrictEqual((yield* download(addPicture(simulator, { bytes }))).bytes, bytes)
      assert.deepStrictEqual(
        getCdnRequests(simulator).map((request) => request.status),
        [200, 416],
      )
    },
  )

  simulatedTest(
    "is kept if Content-Length is always too large, and ranges are not supported",
    function* (simulator) {
      simulator.faults.rate("wrong-length", 1)
      simulator.faults.rate("no-ranges", 1)
      assert.deepStrictEqual((yield* download(addPicture(simulator))).bytes, picture)
      assert.strictEqual(getCdnRequests(simulator).length, 2)
    },
  )
})

describe("a body that ends early without a Content-Length", () => {
  simulatedTest.each([true, false])("is resumed (the size is known: %s)", function* (simulator, isSizeKnown) {
    if (!isSizeKnown) simulator.faults.rate("wrong-size", 1, { extraBytes: -picture.length })
    truncateNext(simulator, { framing: "ended", afterBytes: 90_000 })
    assert.deepStrictEqual((yield* download(addPicture(simulator))).bytes, picture)
    assert.deepStrictEqual(listRanges(simulator), [undefined, "bytes=90000-"])
  })

  simulatedTest("is never saved if it always ends early", function* (simulator) {
    simulator.faults.rate("no-ranges", 1)
    simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 90_000 })
    const path = yield* temporaryFolder
    const error = yield* expectFailure(save(addPicture(simulator), path), "DownloadFailed")
    assert.include(error.message, `it ended early, after 90000 of ${picture.length} bytes`)
    assert.deepStrictEqual(yield* listNames(path), [])
    assert.strictEqual(getCdnRequests(simulator).length, 2)
  })

  simulatedTest("is complete if no more bytes come, and the format has no end mark", function* (simulator) {
    simulator.faults.rate("wrong-size", 1)
    simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 1e9 })
    const { bytes, end } = yield* download(addModel(simulator))
    assert.deepStrictEqual(bytes, model)
    assert.deepStrictEqual(end, { bytes: model.length, promisedBytes: model.length + 1000 })
    assert.deepStrictEqual(listRanges(simulator), [undefined, `bytes=${model.length}-`])
  })
})

describe("a file that changes during its download", () => {
  simulatedTest.each(["changed-file", "changed-etag"] as const)(
    "is saved again from its start (%s)",
    function* (simulator, fault) {
      const path = yield* temporaryFolder
      truncateNext(simulator, { afterBytes: 90_000 })
      const assetId = addPicture(simulator)
      // The file changes while the first request is in flight.
      const saved = yield* save(assetId, path, {
        onProgress: (received) => {
          if (received >= 90_000 && getCdnRequests(simulator).length === 1) simulator.faults.rate(fault, 1)
        },
      })
      const bytes = yield* readBytes(saved.path)
      assert.strictEqual(bytes.length, picture.length)
      assert.strictEqual(saved.bytes, picture.length)
      if (fault === "changed-etag") assert.deepStrictEqual(bytes, picture)
      else assert.deepStrictEqual(bytes.subarray(1024), picture.map((byte) => byte ^ 0x55).subarray(1024))
      assert.strictEqual(getCdnRequests(simulator).length, 2)
    },
  )

  simulatedTest("continues as a stream if its bytes are the same", function* (simulator) {
    truncateNext(simulator, { afterBytes: 90_000 })
    simulator.faults.next("changed-etag")
    assert.deepStrictEqual((yield* download(addPicture(simulator))).bytes, picture)
  })

  simulatedTest("fails a stream if its bytes differ", function* (simulator) {
    truncateNext(simulator, { afterBytes: 90_000 })
    const downloads = yield* Downloads
    const failing = downloads
      .download(addPicture(simulator), {
        onProgress: () => simulator.faults.rate("changed-file", 1),
      })
      .pipe(Stream.runDrain, Effect.flip)
    const error = yield* failing
    assert.deepInclude(error, { _tag: "DownloadFailed", isRetryable: true })
    assert.include(error.message, "it changed during the download")
  })
})

describe("a resumed file", () => {
  /** Saves a file whose first response ends after 90,000 bytes. The faults `later` begin then. Returns the saved bytes. */
  const saveResumed = Effect.fnUntraced(function* (
    simulator: Simulator,
    faults: ReadonlyArray<FaultName>,
    later: ReadonlyArray<FaultName>,
  ) {
    for (const fault of faults) simulator.faults.rate(fault, 1)
    truncateNext(simulator, { afterBytes: 90_000 })
    const saved = yield* save(addPicture(simulator), yield* temporaryFolder, {
      onProgress: (received) => {
        if (received < 90_000 || getCdnRequests(simulator).length > 1) return
        for (const fault of later) simulator.faults.rate(fault, 1)
      },
    })
    return yield* readBytes(saved.path)
  })
  const longerPicture = Uint8Array.from([
    ...picture.subarray(0, 1024),
    ...Array(100).fill(0x55),
    ...picture.subarray(1024),
  ])
  const changedPicture = picture.map((byte, index) => (index < 1024 ? byte : byte ^ 0x55))

  const changes: ReadonlyArray<
    readonly [title: string, ReadonlyArray<FaultName>, ReadonlyArray<FaultName>, Uint8Array]
  > = [
    ["its size differs, without an ETag", ["no-validators"], ["changed-size"], longerPicture],
    ["its weak ETag differs", ["weak-etag"], ["changed-file"], changedPicture],
    ["its size differs, and its ETag is missing", [], ["no-validators", "changed-size"], longerPicture],
    ["only its bytes differ, without an ETag", ["no-validators"], ["changed-file"], changedPicture],
    ["only its bytes differ, and its ETag is missing", [], ["no-validators", "changed-file"], changedPicture],
  ]
  simulatedTest.each(changes)("restarts if %s", function* (simulator, [, faults, later, expected]) {
    assert.deepStrictEqual(yield* saveResumed(simulator, faults, later), expected)
  })

  simulatedTest.each(["no-validators", "weak-etag"] as const)(
    "continues near its end if it is the same (%s)",
    function* (simulator, fault) {
      assert.deepStrictEqual(yield* saveResumed(simulator, [fault], []), picture)
      assert.strictEqual(getCdnRequests(simulator).length, 2)
      const [, from = ""] = /bytes=(\d+)-/.exec(listRanges(simulator)[1] ?? "") ?? []
      assert.isAtLeast(Number(from), 80_000)
      assert.isAtMost(Number(from), 90_000)
    },
  )

  simulatedTest("continues if its ETag is missing, but its bytes are the same", function* (simulator) {
    assert.deepStrictEqual(yield* saveResumed(simulator, [], ["no-validators"]), picture)
  })

  simulatedTest.each(["weak-etag", "no-validators", "changed-file"] as const)(
    "restarts if a response has an unknown range (%s)",
    function* (simulator, later) {
      const bytes = yield* saveResumed(simulator, ["unnamed-part"], [later])
      assert.deepStrictEqual(bytes, later === "changed-file" ? changedPicture : picture)
    },
  )

  simulatedTest.each(changes)("fails a stream if %s", function* (simulator, [, faults, later]) {
    for (const fault of faults) simulator.faults.rate(fault, 1)
    truncateNext(simulator, { afterBytes: 90_000 })
    const downloads = yield* Downloads
    const error = yield* downloads
      .download(addPicture(simulator), {
        onProgress: () => {
          for (const fault of later) simulator.faults.rate(fault, 1)
        },
      })
      .pipe(Stream.runDrain, Effect.flip)
    assert.include(error.message, "it changed during the download")
  })
})

describe("a Content-Length that is too small", () => {
  simulatedTest("is checked with one more request, which returns the rest", function* (simulator) {
    simulator.faults.next("short-file", { afterBytes: 150_000 })
    simulator.faults.rate("no-validators", 1)
    assert.deepStrictEqual((yield* download(addPicture(simulator))).bytes, picture)
    assert.strictEqual(getCdnRequests(simulator).length, 2)
  })

  simulatedTest.each([[true], [false]])(
    "never leaves a truncated file if every response has it (with ranges: %s)",
    function* (simulator, [hasRanges]) {
      if (hasRanges !== true) simulator.faults.rate("no-ranges", 1)
      simulator.faults.rate("short-file", 1, { afterBytes: 150_000 })
      const path = yield* temporaryFolder
      const error = yield* expectFailure(save(addPicture(simulator), path), "DownloadFailed")
      assert.include(error.message, `it ended early, after 150000 of`)
      assert.deepStrictEqual(yield* listNames(path), [])
      assert.strictEqual(getCdnRequests(simulator).length, 2)
    },
  )

  simulatedTest(
    "is accepted for a file without an end mark whose stated size is wrong",
    function* (simulator) {
      simulator.faults.rate("wrong-size", 1)
      const { bytes, end } = yield* download(addModel(simulator))
      assert.deepStrictEqual(bytes, model)
      assert.deepStrictEqual(end, { bytes: model.length, promisedBytes: model.length + 1000 })
      assert.strictEqual(getCdnRequests(simulator).length, 2)
    },
  )
})

describe("a file that is stored with gzip", () => {
  simulatedTest.each(["stream", "file"] as const)(
    "restarts after a lost connection (%s)",
    function* (simulator, as) {
      simulator.faults.rate("stored-gzip", 1)
      truncateNext(simulator, { afterBytes: 10_000 })
      const assetId = addModel(simulator)
      const bytes =
        as === "stream"
          ? (yield* download(assetId)).bytes
          : yield* readBytes((yield* save(assetId, yield* temporaryFolder)).path)
      assert.deepStrictEqual(bytes, model)
      assert.deepStrictEqual(listRanges(simulator), [undefined, undefined])
    },
  )
})

describe("a redirect", () => {
  simulatedTest("is followed if its Location contains raw UTF-8", function* (simulator) {
    simulator.faults.next("redirect", { to: "raw-utf8" })
    assert.deepStrictEqual((yield* download(addPicture(simulator))).bytes, picture)
    assert.strictEqual(getCdnRequests(simulator)[1]?.query["name"], "h\u00e4user-\u732b.png")
  })
})
