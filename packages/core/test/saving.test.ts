import type { ExternalAsset, Simulator } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { copyFile, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { PartFile } from "../src/deliver/node/PartFile.ts"
import { save, saveAll } from "../src/deliver/node/save.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { listNames, readBytes, temporaryFolder } from "./support/files.ts"
import { simulatedTest } from "./support/simulation.ts"

const addPicture = (simulator: Simulator, more: ExternalAsset = {}) =>
  simulator.addAsset({ name: "house.png", ...more })

describe("the name of a saved file", () => {
  simulatedTest("is that of an existing file with the same bytes", function* (simulator) {
    const path = yield* temporaryFolder
    const template = { nameTemplate: "{name}" }
    const first = yield* save(addPicture(simulator), path, template)
    // As if another process had saved it.
    const other = yield* temporaryFolder
    yield* Effect.promise(() => copyFile(first.path, join(other, "house.png")))
    const again = yield* save(first.assetId, other, template)
    assert.deepStrictEqual(yield* listNames(other), ["house.png"])
    assert.strictEqual(again.path, join(other, "house.png"))
  })

  simulatedTest("is the same for an asset that is listed twice", function* (simulator) {
    const path = yield* temporaryFolder
    const asset = yield* Assets.use((assets) => assets.get(addPicture(simulator)))
    const saved = yield* saveAll([asset, asset], path)
    assert.deepStrictEqual(yield* listNames(path), [`${asset.assetId}.png`])
    assert.strictEqual(saved[0]?.path, saved[1]?.path)
  })

  simulatedTest("gets a number if another asset has it, even with the same bytes", function* (simulator) {
    const path = yield* temporaryFolder
    const ids = [addPicture(simulator), addPicture(simulator)]
    for (const id of ids) yield* save(id, path, { nameTemplate: "{name}" })
    assert.deepStrictEqual(yield* listNames(path), ["house-2.png", "house.png"])
  })

  simulatedTest("gets a number if another file has it", function* (simulator) {
    const path = yield* temporaryFolder
    yield* Effect.promise(() => writeFile(join(path, "house.png"), "mine"))
    const saved = yield* save(addPicture(simulator), path, { nameTemplate: "{name}" })
    assert.strictEqual(saved.path, join(path, "house-2.png"))
  })
})

describe("an empty text", () => {
  simulatedTest("is saved as an empty file", function* (simulator) {
    const path = yield* temporaryFolder
    const id = simulator.addAsset({ kind: "text", mimeType: "text/plain", bytes: new Uint8Array() })
    const saved = yield* save(id, path, { nameTemplate: "notes" })
    assert.deepInclude(saved, { bytes: 0, path: join(path, "notes.txt"), mimeType: "text/plain" })
    assert.strictEqual((yield* readBytes(saved.path)).length, 0)
  })

  simulatedTest("is the only file that can be empty", function* (simulator) {
    const path = yield* temporaryFolder
    simulator.faults.rate("truncated-body", 1, { origin: "cdn", framing: "ended", afterBytes: 0 })
    const error = yield* Effect.flip(save(addPicture(simulator), path))
    assert.include(error.message, "the CDN sent an empty file")
    assert.deepStrictEqual(yield* listNames(path), [])
  })
})

describe("an HDR image", () => {
  const addHdr = (simulator: Simulator) =>
    simulator.addAsset({ kind: "image-hdr", mimeType: "image/jpeg", width: 64, height: 32 })

  simulatedTest("is read again if a list lacks the link to its original", function* (simulator) {
    const path = yield* temporaryFolder
    simulator.faults.next("missing-original")
    const asset = yield* Assets.use((assets) => assets.get(addHdr(simulator)))
    assert.isUndefined(asset.originalUrl)
    const saved = yield* save(asset, path, { nameTemplate: "sky" })
    assert.strictEqual(saved.path, join(path, "sky.exr"))
  })

  simulatedTest("is not saved as a JPEG unless that is requested", function* (simulator) {
    const path = yield* temporaryFolder
    simulator.faults.rate("missing-original", 1)
    const id = addHdr(simulator)
    const error = yield* expectFailure(save(id, path), "DownloadFailed")
    assert.include(error.message, "has no original of this HDR image, only a preview")
    const preview = yield* save(id, path, { rendition: "preview", nameTemplate: "sky" })
    assert.strictEqual(preview.path, join(path, "sky.jpg"))
  })
})

describe("part files", () => {
  simulatedTest("are removed if their process was killed, and kept while it runs", function* (simulator) {
    const path = yield* temporaryFolder
    const live = yield* Effect.promise(() => PartFile.open(path))
    const dead = spawnSync(process.execPath, ["--version"]).pid
    const liveName = (yield* listNames(path))[0] ?? ""
    const deadName = liveName.replace(`-${process.pid}-`, `-${dead}-`)
    const otherMachine = liveName.replace(/[0-9a-f]{8}/, "00000000")
    const abandoned = otherMachine.replace("00000000", "00000001")
    yield* Effect.promise(async () => {
      for (const name of [deadName, otherMachine, abandoned]) await writeFile(join(path, name), "")
      const longAgo = new Date(Date.now() - 25 * 3_600_000)
      await utimes(join(path, abandoned), longAgo, longAgo)
    })
    yield* save(addPicture(simulator), path, { nameTemplate: "house" })
    assert.deepStrictEqual(yield* listNames(path), [liveName, otherMachine, "house.png"].toSorted())
    yield* Effect.promise(() => live.discard())
  })
})
