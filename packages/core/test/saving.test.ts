import type { ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PartFile } from "../src/deliver/node/PartFile.ts"
import { save, saveAll } from "../src/deliver/node/save.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { simulate } from "./support/simulation.ts"

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "scenario-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)
const namesIn = (path: string) => Effect.promise(async () => (await readdir(path)).toSorted())

const pictureIn = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ name: "house.png", ...more })

describe("a name", () => {
  it.effect("is that of the file that is there already, if its bytes are the same", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const template = { nameTemplate: "{name}" }
        const first = yield* save(pictureIn(simulator), path, template)
        // As another process would have left it.
        const other = yield* folder
        yield* Effect.promise(() => copyFile(first.path, join(other, "house.png")))
        const again = yield* save(first.assetId, other, template)
        assert.deepStrictEqual(yield* namesIn(other), ["house.png"])
        assert.strictEqual(again.path, join(other, "house.png"))
      }),
    ),
  )

  it.effect("is given once to an asset that is listed twice", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const asset = yield* Assets.use((assets) => assets.get(pictureIn(simulator)))
        const saved = yield* saveAll([asset, asset], path)
        assert.deepStrictEqual(yield* namesIn(path), [`${asset.assetId}.png`])
        assert.strictEqual(saved[0]?.path, saved[1]?.path)
      }),
    ),
  )

  it.effect("gets a number for another asset, even if its bytes are the same", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const ids = [pictureIn(simulator), pictureIn(simulator)]
        for (const id of ids) yield* save(id, path, { nameTemplate: "{name}" })
        assert.deepStrictEqual(yield* namesIn(path), ["house-2.png", "house.png"])
      }),
    ),
  )

  it.effect("gets a number if another file has it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        yield* Effect.promise(() => writeFile(join(path, "house.png"), "mine"))
        const saved = yield* save(pictureIn(simulator), path, { nameTemplate: "{name}" })
        assert.strictEqual(saved.path, join(path, "house-2.png"))
      }),
    ),
  )
})

describe("an empty text", () => {
  it.effect("is saved as an empty file", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const id = simulator.addAsset({ kind: "text", mimeType: "text/plain", bytes: new Uint8Array() })
        const saved = yield* save(id, path, { nameTemplate: "notes" })
        assert.deepInclude(saved, { bytes: 0, path: join(path, "notes.txt"), mimeType: "text/plain" })
        assert.strictEqual((yield* Effect.promise(() => readFile(saved.path))).length, 0)
      }),
    ),
  )

  it.effect("is the only file that may be empty", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 0 })
        const error = yield* Effect.flip(save(pictureIn(simulator), path))
        assert.include(error.message, "the CDN sent an empty file")
        assert.deepStrictEqual(yield* namesIn(path), [])
      }),
    ),
  )
})

describe("an HDR picture", () => {
  const hdrIn = (simulator: Simulator) =>
    simulator.addAsset({ kind: "image-hdr", mimeType: "image/jpeg", width: 64, height: 32 })

  it.effect("is read again if a list has left its original out", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        simulator.faults.next("missing-original")
        const asset = yield* Assets.use((assets) => assets.get(hdrIn(simulator)))
        assert.isUndefined(asset.originalUrl)
        const saved = yield* save(asset, path, { nameTemplate: "sky" })
        assert.strictEqual(saved.path, join(path, "sky.exr"))
      }),
    ),
  )

  it.effect("never becomes a JPEG without a word", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        simulator.faults.rate("missing-original", 1)
        const id = hdrIn(simulator)
        const error = yield* Effect.flip(save(id, path))
        assert.strictEqual(error._tag, "DownloadFailed")
        assert.include(error.message, "has no original of this HDR image, only a preview")
        const preview = yield* save(id, path, { rendition: "preview", nameTemplate: "sky" })
        assert.strictEqual(preview.path, join(path, "sky.jpg"))
      }),
    ),
  )
})

describe("parts of downloads", () => {
  it.effect("go when the process that wrote them was killed, and stay while it runs", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const live = yield* Effect.promise(() => PartFile.open(path))
        const dead = spawnSync(process.execPath, ["--version"]).pid
        const liveName = (yield* namesIn(path))[0] ?? ""
        const deadName = liveName.replace(`-${process.pid}-`, `-${dead}-`)
        const elsewhere = liveName.replace(/[0-9a-f]{8}/, "00000000")
        const forgotten = elsewhere.replace("00000000", "00000001")
        yield* Effect.promise(async () => {
          for (const name of [deadName, elsewhere, forgotten]) await writeFile(join(path, name), "")
          const longAgo = new Date(Date.now() - 25 * 3_600_000)
          await utimes(join(path, forgotten), longAgo, longAgo)
        })
        yield* save(pictureIn(simulator), path, { nameTemplate: "house" })
        assert.deepStrictEqual(yield* namesIn(path), [liveName, elsewhere, "house.png"].toSorted())
        yield* Effect.promise(() => live.discard())
      }),
    ),
  )
})
