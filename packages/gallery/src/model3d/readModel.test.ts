import { encode } from "jpeg-js"
import { deflateSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { makeGlb } from "../../test/makeGlb.ts"
import { readModel } from "./readModel.ts"

/** A PNG with two rows: the first raw, the second as the difference to the first. Its checksums are wrong, and not read. */
const makePng = (first: ReadonlyArray<number>, difference: ReadonlyArray<number>): Uint8Array => {
  const chunk = (name: string, data: Uint8Array) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(data.length, 0)
    head.write(name, 4)
    return Buffer.concat([head, data, Buffer.alloc(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(first.length / 3, 0)
  header.writeUInt32BE(2, 4)
  header[8] = 8
  header[9] = 2
  const rows = Buffer.from([0, ...first, 2, ...difference])
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows))])
}

describe("readModel", () => {
  it("reads triangles and their color", () => {
    const [mesh] = readModel(makeGlb({ color: [1, 0.5, 0] })) ?? []
    expect([...(mesh?.indices ?? [])]).toEqual([0, 1, 2, 0, 2, 3])
    expect(mesh?.material.color).toEqual([1, 0.5, 0])
  })

  it("places a mesh by its node", () => {
    const [mesh] = readModel(makeGlb({ node: { translation: [10, 0, 0], scale: [2, 2, 2] } })) ?? []
    expect([...(mesh?.positions.subarray(0, 3) ?? [])]).toEqual([8, -2, 0])
  })

  it("reads a PNG texture", () => {
    const [mesh] = readModel(makeGlb({ texture: makePng([9, 8, 7, 1, 2, 3], [1, 1, 1, 0, 0, 255]) })) ?? []
    expect([...(mesh?.material.texture?.data ?? [])]).toEqual(
      [9, 8, 7, 255, 1, 2, 3, 255].concat([10, 9, 8, 255, 1, 2, 2, 255]),
    )
  })

  it("reads a JPEG texture, and shrinks a large one", () => {
    const texture = encode({ width: 2048, height: 16, data: Buffer.alloc(2048 * 16 * 4, 200) }, 90).data
    const [mesh] = readModel(makeGlb({ texture })) ?? []
    expect([mesh?.material.texture?.width, mesh?.material.texture?.height]).toEqual([1024, 8])
    expect(mesh?.material.texture?.data[0]).toBeGreaterThan(195)
  })

  it("uses the color of the surface if its texture can't be read", () => {
    const [mesh] = readModel(makeGlb({ texture: Buffer.from("RIFF....WEBP") })) ?? []
    expect(mesh?.material.texture).toBeUndefined()
  })

  it.each([
    ["compressed geometry", makeGlb({ extensionsRequired: ["KHR_draco_mesh_compression"] })],
    ["a file that ends too early", makeGlb().subarray(0, -80)],
    ["an empty file", new Uint8Array()],
    ["another format", Buffer.from("solid cube")],
    ["no triangles", makeGlb({ node: { mesh: 7 } })],
  ])("has no model for %s", (_, file) => {
    expect(readModel(file)).toBeUndefined()
  })

  it("never throws for a file with a changed byte", () => {
    const file = makeGlb()
    for (let at = 0; at < file.length; at++) {
      const changed = Uint8Array.from(file)
      changed[at] = 255 - (changed[at] ?? 0)
      expect(() => readModel(changed)).not.toThrow()
    }
  })
})
