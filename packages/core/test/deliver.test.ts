import type { ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Downloads } from "../src/deliver/Downloads.ts"
import type { DownloadOptions } from "../src/deliver/FileReader.ts"
import { sniffType } from "../src/deliver/FileType.ts"
import { generate } from "../src/generate.ts"
import type { HttpTransport } from "../src/http/HttpTransport.ts"
import { save, saveAll } from "../src/deliver/node/save.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { listNames, makePngBytes, readBytes, temporaryFolder } from "./support/files.ts"
import { getCdnRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const picture = makePngBytes(1_000_000)

const download = Effect.fnUntraced(function* (assetId: string, options?: DownloadOptions) {
  const downloads = yield* Downloads
  const chunks = yield* Stream.runCollect(downloads.download(assetId, options))
  return new Uint8Array(Buffer.concat(chunks))
})

const addPicture = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ bytes: picture, mimeType: "image/png", ...more })

/** Changes response bodies to plain async iterables, as other transports return them. */
const withIterableBodies =
  (transport: HttpTransport): HttpTransport =>
  async (request, signal) => {
    const { status, headers, body } = await transport(request, signal)
    return {
      status,
      headers,
      body: body === null ? null : readChunks(body),
      text: () => assert.fail("no text"),
    }
  }

async function* readChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* body
}

describe("download", () => {
  simulatedTest("delivers the file's bytes, and sends no credentials to the CDN", function* (simulator) {
    assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
    assert.deepStrictEqual(
      getCdnRequests(simulator).map((request) => request.authorization),
      ["none"],
    )
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest.each(["content-length", "chunked"] as const)(
    "resumes after a lost connection (%s)",
    function* (simulator, framing) {
      simulator.faults.next("truncated-body", { origin: "cdn", framing, afterBytes: 300_000, times: 1 })
      assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
      const ranges = getCdnRequests(simulator).map((request) => request.headers["range"])
      assert.strictEqual(ranges.length, 2)
      assert.match(ranges[1] ?? "", /^bytes=\d+-$/)
    },
  )

  simulatedTest(
    "resumes, and saves, over a transport whose bodies are not platform streams",
    { cdnTransport: withIterableBodies },
    function* (simulator) {
      simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 300_000, times: 2 })
      assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
      assert.strictEqual(getCdnRequests(simulator).length, 3)
      const path = yield* temporaryFolder
      const { bytes } = yield* save(addPicture(simulator), path)
      assert.strictEqual(bytes, picture.length)
    },
  )

  simulatedTest.each(["server-error", "unavailable", "connection-reset", "hang", "rate-limited"] as const)(
    "tries again after %s",
    function* (simulator, fault) {
      simulator.faults.next(fault, { origin: "cdn", times: 2 })
      assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
    },
  )

  simulatedTest.each([
    ["no response comes", "hang", {}],
    ["its bytes stop", "trickle", { chunks: 2, delayMs: 600_000 }],
  ] as const)("reconnects after its stall timeout when %s", function* (simulator, [, fault, more]) {
    simulator.faults.next(fault, { origin: "cdn", ...more })
    const begunAt = yield* Clock.currentTimeMillis
    assert.deepStrictEqual(yield* download(addPicture(simulator), { stallTimeout: 8_000 }), picture)
    const tookMs = (yield* Clock.currentTimeMillis) - begunAt
    assert.isAtLeast(tookMs, 8_000)
    assert.isBelow(tookMs, 10_000)
  })

  simulatedTest(
    "resumes after a stall, without waiting for the old connection to close",
    function* (simulator) {
      simulator.faults.next("trickle", { origin: "cdn", chunks: 4, delayMs: 3_600_000 })
      assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
      const ranges = getCdnRequests(simulator).map((request) => request.headers["range"])
      assert.deepStrictEqual(ranges, [undefined, "bytes=250000-"])
    },
  )

  simulatedTest("refreshes an expired link", { linkTtlMs: 60_000 }, function* (simulator) {
    const assets = yield* Assets
    const downloads = yield* Downloads
    const asset = yield* assets.get(addPicture(simulator))
    yield* Effect.sleep("2 minutes")
    const chunks = yield* Stream.runCollect(downloads.download(asset))
    assert.deepStrictEqual(new Uint8Array(Buffer.concat(chunks)), picture)
    assert.deepStrictEqual(
      getCdnRequests(simulator).map((request) => request.status),
      [403, 200],
    )
  })

  simulatedTest("fails with the status 403 if no link works", function* (simulator) {
    simulator.faults.rate("expired-link", 1)
    const error = yield* expectFailure(download(addPicture(simulator)), "DownloadFailed")
    assert.strictEqual(error.status, 403)
  })

  simulatedTest.each(["same-host", "other-origin"] as const)(
    "follows a redirect (%s) without credentials",
    function* (simulator, to) {
      simulator.faults.next("redirect", { to })
      assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
      assert.deepStrictEqual(simulator.violations(), [])
    },
  )

  simulatedTest("does not deliver a web page instead of an image", function* (simulator) {
    simulator.faults.next("wrong-bytes")
    assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
    simulator.faults.rate("wrong-bytes", 1)
    const error = yield* Effect.flip(download(addPicture(simulator)))
    assert.include(error.message, "the CDN sent a web page instead of the file")
  })

  simulatedTest("detects the type by the bytes if the CDN does not state it", function* (simulator) {
    let mimeType = ""
    simulator.faults.next("wrong-content-type")
    yield* download(addPicture(simulator, { mimeType: "application/octet-stream" }), {
      onStart: (start) =>
        Effect.sync(() => {
          mimeType = start.mimeType
        }),
    })
    assert.strictEqual(mimeType, "image/png")
  })

  simulatedTest(
    "delivers the original of an HDR image, or its preview if that is requested",
    function* (simulator) {
      const { assets } = yield* generate({ model: "model_horizon-hdri", inputs: { prompt: "a desert" } })
      const hdr = assets.find((asset) => asset.kind === "image-hdr")
      if (hdr === undefined) return assert.fail("no HDR image")
      assert.strictEqual(sniffType(yield* download(hdr.assetId)), "image/x-exr")
      assert.strictEqual(sniffType(yield* download(hdr.assetId, { rendition: "preview" })), "image/jpeg")
      assert.deepStrictEqual(simulator.violations(), [])
    },
  )

  simulatedTest("reports its progress in bytes", function* (simulator) {
    const reported: Array<readonly [number, number | undefined]> = []
    yield* download(addPicture(simulator), {
      onProgress: (received, total) => void reported.push([received, total]),
    })
    assert.deepStrictEqual(reported.at(-1), [picture.length, picture.length])
  })

  simulatedTest("delivers many files that are requested at once", function* (simulator) {
    const assetIds = Array.from({ length: 12 }, () => addPicture(simulator))
    const files = yield* Effect.forEach(assetIds, (assetId) => download(assetId), {
      concurrency: "unbounded",
    })
    for (const file of files) assert.strictEqual(file.length, picture.length)
  })

  simulatedTest("releases its slot when it is interrupted", function* (simulator) {
    simulator.faults.next("hang", { origin: "cdn", times: 4 })
    const hanging = Array.from({ length: 4 }, () => addPicture(simulator))
    yield* Effect.forEach(hanging, (assetId) => Effect.timeoutOption(download(assetId), "5 seconds"), {
      concurrency: "unbounded",
    })
    assert.deepStrictEqual(yield* download(addPicture(simulator)), picture)
  })
})

describe("save", () => {
  simulatedTest(
    "writes the complete file under a safe name, and leaves no other file",
    function* (simulator) {
      const path = yield* temporaryFolder
      simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 10_000 })
      const saved = yield* save(addPicture(simulator, { name: "../../a: house?" }), path, {
        nameTemplate: "{name}",
      })
      assert.strictEqual(saved.path, join(path, "a- house.png"))
      assert.strictEqual(saved.bytes, picture.length)
      assert.deepStrictEqual(yield* readBytes(saved.path), picture)
      assert.deepStrictEqual(yield* listNames(path), ["a- house.png"])
    },
  )

  simulatedTest("adds a number to a taken name, and never overwrites a file", function* (simulator) {
    const path = yield* temporaryFolder
    yield* Effect.promise(() => writeFile(join(path, "house.png"), "mine"))
    const assetIds = Array.from({ length: 3 }, () => addPicture(simulator, { name: "house" }))
    const assets = yield* Assets
    const all = yield* Effect.forEach(assetIds, (assetId) => assets.get(assetId))
    yield* saveAll(all, path, { nameTemplate: "{name}" })
    assert.deepStrictEqual(yield* listNames(path), ["house-2.png", "house-3.png", "house-4.png", "house.png"])
    assert.strictEqual((yield* readBytes(join(path, "house.png"))).length, 4)
  })

  simulatedTest("leaves no part file after a failure", function* (simulator) {
    const path = yield* temporaryFolder
    simulator.faults.rate("truncated-body", 1, { origin: "cdn", afterBytes: 5_000 })
    simulator.faults.rate("expired-link", 0.5)
    yield* Effect.flip(save(addPicture(simulator), path).pipe(Effect.timeout("1 minute")))
    assert.deepStrictEqual(yield* listNames(path), [])
  })

  simulatedTest("explains why a folder isn't writable", function* (simulator) {
    const path = yield* temporaryFolder
    yield* Effect.promise(() => writeFile(join(path, "file"), ""))
    const error = yield* expectFailure(save(addPicture(simulator), join(path, "file", "below")), "SaveFailed")
    assert.include(error.message, "a part of the path is a file")
  })

  simulatedTest("rejects a template with unknown fields before a request is sent", function* (simulator) {
    const path = yield* temporaryFolder
    const error = yield* expectFailure(save("asset_1", path, { nameTemplate: "{colour}" }), "InvalidInput")
    assert.include(error.message, "{colour}")
    assert.strictEqual(simulator.requests().length, 0)
  })
})
