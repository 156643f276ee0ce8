import type { ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Downloads } from "../src/deliver/Downloads.ts"
import type { DownloadOptions } from "../src/deliver/FileReader.ts"
import { sniffType } from "../src/deliver/FileType.ts"
import { generate } from "../src/generate.ts"
import type { HttpTransport } from "../src/http/HttpTransport.ts"
import { save, saveAll } from "../src/deliver/node/save.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { simulate } from "./support/simulation.ts"

/** A megabyte that is a PNG by its first bytes. */
const picture = (() => {
  const bytes = new Uint8Array(1_000_000).map((_, index) => (index * 31) % 251)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes
})()

const download = Effect.fnUntraced(function* (assetId: string, options?: DownloadOptions) {
  const downloads = yield* Downloads
  const chunks = yield* Stream.runCollect(downloads.download(assetId, options))
  return new Uint8Array(Buffer.concat(chunks))
})

const pictureIn = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ bytes: picture, mimeType: "image/png", ...more })

const cdnRequests = (simulator: Simulator) =>
  simulator.requests().filter((request) => request.origin === "cdn")

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "scenario-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)

/** Makes responses such as other transports give: without the platform's own stream. */
const iterablesOnly =
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

const namesIn = (path: string) => Effect.promise(() => readdir(path))
const bytesIn = (path: string) => Effect.promise(async () => new Uint8Array(await readFile(path)))

describe("download", () => {
  it.effect("gives out the file's bytes, and sends no credential to the CDN", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
        assert.deepStrictEqual(
          cdnRequests(simulator).map((request) => request.authorization),
          ["none"],
        )
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect.each(["content-length", "chunked"] as const)(
    "goes on where a connection has broken (%s)",
    (framing) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next("truncated-body", { origin: "cdn", framing, afterBytes: 300_000, times: 1 })
          assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
          const ranges = cdnRequests(simulator).map((request) => request.headers["range"])
          assert.strictEqual(ranges.length, 2)
          assert.match(ranges[1] ?? "", /^bytes=\d+-$/)
        }),
      ),
  )

  it.effect("does all that as well over a transport whose bodies are no streams of the platform", () =>
    simulate({ cdnTransport: iterablesOnly }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 300_000, times: 2 })
        assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
        assert.strictEqual(cdnRequests(simulator).length, 3)
        const path = yield* folder
        const { bytes } = yield* save(pictureIn(simulator), path)
        assert.strictEqual(bytes, picture.length)
      }),
    ),
  )

  it.effect.each(["server-error", "unavailable", "connection-reset", "hang", "rate-limited"] as const)(
    "tries again after %s",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next(fault, { origin: "cdn", times: 2 })
          assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
        }),
      ),
  )

  it.effect.each([
    ["no answer comes", "hang", {}],
    ["its bytes stop", "trickle", { chunks: 2, delayMs: 600_000 }],
  ] as const)("bears a connection's silence only for as long as it is told when %s", ([, fault, more]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { origin: "cdn", ...more })
        const begunAt = yield* Clock.currentTimeMillis
        assert.deepStrictEqual(yield* download(pictureIn(simulator), { stallTimeout: 8_000 }), picture)
        const tookMs = (yield* Clock.currentTimeMillis) - begunAt
        assert.isAtLeast(tookMs, 8_000)
        assert.isBelow(tookMs, 10_000)
      }),
    ),
  )

  it.effect("takes up a download that has gone silent, without waiting for the other side to agree", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("trickle", { origin: "cdn", chunks: 4, delayMs: 3_600_000 })
        assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
        const ranges = cdnRequests(simulator).map((request) => request.headers["range"])
        assert.deepStrictEqual(ranges, [undefined, "bytes=250000-"])
      }),
    ),
  )

  it.effect("gets a fresh link when the old one has expired", () =>
    simulate({ linkTtlMs: 60_000 }, (simulator) =>
      Effect.gen(function* () {
        const assets = yield* Assets
        const downloads = yield* Downloads
        const asset = yield* assets.get(pictureIn(simulator))
        yield* Effect.sleep("2 minutes")
        const chunks = yield* Stream.runCollect(downloads.download(asset))
        assert.deepStrictEqual(new Uint8Array(Buffer.concat(chunks)), picture)
        assert.deepStrictEqual(
          cdnRequests(simulator).map((request) => request.status),
          [403, 200],
        )
      }),
    ),
  )

  it.effect("gives up when no link works, and says so", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("expired-link", 1)
        const error = yield* Effect.flip(download(pictureIn(simulator)))
        assert.strictEqual(error._tag, "DownloadFailed")
        if (error._tag === "DownloadFailed") assert.strictEqual(error.status, 403)
      }),
    ),
  )

  it.effect.each(["same-host", "other-origin"] as const)(
    "follows a redirect (%s) without a credential",
    (to) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next("redirect", { to })
          assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
          assert.deepStrictEqual(simulator.violations(), [])
        }),
      ),
  )

  it.effect("does not give out a web page instead of a picture", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("wrong-bytes")
        assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
        simulator.faults.rate("wrong-bytes", 1)
        const error = yield* Effect.flip(download(pictureIn(simulator)))
        assert.include(error.message, "the CDN sent a web page instead of the file")
      }),
    ),
  )

  it.effect("tells the type by the bytes where the CDN does not", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        let mimeType = ""
        simulator.faults.next("wrong-content-type")
        yield* download(pictureIn(simulator, { mimeType: "application/octet-stream" }), {
          onStart: (start) =>
            Effect.sync(() => {
              mimeType = start.mimeType
            }),
        })
        assert.strictEqual(mimeType, "image/png")
      }),
    ),
  )

  it.effect("gives out the original of an HDR picture, or its preview where that is asked for", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { assets } = yield* generate({ model: "model_horizon-hdri", inputs: { prompt: "a desert" } })
        const hdr = assets.find((asset) => asset.kind === "image-hdr")
        if (hdr === undefined) return assert.fail("no HDR picture")
        assert.strictEqual(sniffType(yield* download(hdr.assetId)), "image/x-exr")
        assert.strictEqual(sniffType(yield* download(hdr.assetId, { rendition: "preview" })), "image/jpeg")
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("reports its progress in bytes", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const told: Array<readonly [number, number | undefined]> = []
        yield* download(pictureIn(simulator), {
          onProgress: (received, total) => void told.push([received, total]),
        })
        assert.deepStrictEqual(told.at(-1), [picture.length, picture.length])
      }),
    ),
  )

  it.effect("runs a few at once, and all in the end", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetIds = Array.from({ length: 12 }, () => pictureIn(simulator))
        const files = yield* Effect.forEach(assetIds, (assetId) => download(assetId), {
          concurrency: "unbounded",
        })
        for (const file of files) assert.strictEqual(file.length, picture.length)
      }),
    ),
  )

  it.effect("gives its turn back when it is interrupted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("hang", { origin: "cdn", times: 4 })
        const hanging = Array.from({ length: 4 }, () => pictureIn(simulator))
        yield* Effect.forEach(hanging, (assetId) => Effect.timeoutOption(download(assetId), "5 seconds"), {
          concurrency: "unbounded",
        })
        assert.deepStrictEqual(yield* download(pictureIn(simulator)), picture)
      }),
    ),
  )
})

describe("save", () => {
  it.effect("writes the whole file under a safe name, and leaves nothing else behind", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 10_000 })
        const saved = yield* save(pictureIn(simulator, { name: "../../a: house?" }), path, {
          nameTemplate: "{name}",
        })
        assert.strictEqual(saved.path, join(path, "a- house.png"))
        assert.strictEqual(saved.bytes, picture.length)
        assert.deepStrictEqual(yield* bytesIn(saved.path), picture)
        assert.deepStrictEqual(yield* namesIn(path), ["a- house.png"])
      }),
    ),
  )

  it.effect("numbers a name that is taken, and never overwrites", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        yield* Effect.promise(() => writeFile(join(path, "house.png"), "mine"))
        const assetIds = Array.from({ length: 3 }, () => pictureIn(simulator, { name: "house" }))
        const assets = yield* Assets
        const all = yield* Effect.forEach(assetIds, (assetId) => assets.get(assetId))
        yield* saveAll(all, path, { nameTemplate: "{name}" })
        assert.deepStrictEqual((yield* namesIn(path)).toSorted(), [
          "house-2.png",
          "house-3.png",
          "house-4.png",
          "house.png",
        ])
        assert.strictEqual((yield* bytesIn(join(path, "house.png"))).length, 4)
      }),
    ),
  )

  it.effect("leaves no part of a file that could not be had", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        simulator.faults.rate("truncated-body", 1, { origin: "cdn", afterBytes: 5_000 })
        simulator.faults.rate("expired-link", 0.5)
        yield* Effect.flip(save(pictureIn(simulator), path).pipe(Effect.timeout("1 minute")))
        assert.deepStrictEqual(yield* namesIn(path), [])
      }),
    ),
  )

  it.effect("says what is wrong with a folder that cannot be written", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        yield* Effect.promise(() => writeFile(join(path, "file"), ""))
        const error = yield* Effect.flip(save(pictureIn(simulator), join(path, "file", "below")))
        assert.strictEqual(error._tag, "SaveFailed")
        assert.include(error.message, "a part of the path is a file")
      }),
    ),
  )

  it.effect("refuses a template with fields that no asset has, before anything is sent", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const error = yield* Effect.flip(save("asset_1", path, { nameTemplate: "{colour}" }))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.include(error.message, "{colour}")
        assert.strictEqual(simulator.requests().length, 0)
      }),
    ),
  )
})
