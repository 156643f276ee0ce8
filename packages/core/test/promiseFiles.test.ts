import { createReadStream } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import type { AnyFile } from "../src/promise.ts"
import { makePngBytes } from "./support/files.ts"
import { useWorld } from "./support/promiseWorld.ts"

/** Large enough for an upload in parts. */
const png = makePngBytes(4_000_000)

const world = useWorld()
let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scenario-"))
  path = join(folder, "cat.png")
  await writeFile(path, png)
})

afterAll(() => rm(folder, { recursive: true }))

const readBytes = async (assetId: string): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of world.scenario.download(assetId)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

const forms: ReadonlyArray<readonly [string, () => AnyFile | Promise<AnyFile>]> = [
  ["a Buffer", () => Buffer.from(png)],
  ["a Uint8Array", () => png],
  ["a part of an array", () => new Uint8Array([0, ...png, 0]).subarray(1, png.length + 1)],
  ["an ArrayBuffer", () => new Uint8Array(png).buffer],
  ["a Blob", () => new Blob([png], { type: "image/png" })],
  ["a File", () => new File([png], "cat.png", { type: "image/png" })],
  ["an fs.ReadStream", () => createReadStream(path)],
  ["a file: URL", () => pathToFileURL(path)],
  ["localFile(path)", () => world.scenario.localFile(path)],
]

describe("a file", () => {
  it.each(forms)("is uploaded from %s", async (_, form) => {
    const { assetId } = await world.scenario.uploads.upload(await form())
    assert.deepStrictEqual(await readBytes(assetId), png)
    assert.deepStrictEqual(world.simulator.violations(), [])
  })

  it.each(forms)("can be an input as %s", async (_, form) => {
    await world.scenario.submit({ endpoint: "remove-background", inputs: { image: await form() } })
    const sent = world.simulator.requests().findLast(({ path }) => path.includes("/generate/"))
    assert.match(JSON.stringify(sent?.body), /^\{"image":"asset_/)
    assert.deepStrictEqual(world.simulator.violations(), [])
  })

  it("is the range of an fs.ReadStream that has start and end", async () => {
    const { assetId } = await world.scenario.uploads.upload(
      createReadStream(path, { start: 0, end: 3_999_000 }),
    )
    assert.deepStrictEqual(await readBytes(assetId), png.subarray(0, 3_999_001))
  })

  it("is imported from an http(s) URL object", async () => {
    const asset = await world.scenario.assets.get(world.simulator.addAsset())
    await world.scenario.submit({ endpoint: "remove-background", inputs: { image: new URL(asset.url) } })
    const imported = world.simulator.requests().findLast(({ path }) => path.endsWith("/uploads"))
    assert.include(JSON.stringify(imported?.body), new URL(asset.url).pathname)
  })
})
