import { hashOf } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { paletteOf } from "./palette.ts"

const rings = 32
const segments = 16

/** A torus in the prompt's colour, as glTF 2.0 in one binary file. */
export const glbOf = (spec: AssetSpec): Buffer => {
  const thickness = 0.2 + (hashOf(`${spec.prompt}/${spec.seed}`) % 100) / 500
  const vertices = rings * segments
  const positions = Buffer.alloc(vertices * 12)
  const normals = Buffer.alloc(vertices * 12)
  const indices = Buffer.alloc(vertices * 12)
  for (let ring = 0; ring < rings; ring++) {
    for (let segment = 0; segment < segments; segment++) {
      const around = (ring / rings) * 2 * Math.PI
      const aside = (segment / segments) * 2 * Math.PI
      const at = (ring * segments + segment) * 12
      const normal = [Math.cos(aside) * Math.cos(around), Math.sin(aside), Math.cos(aside) * Math.sin(around)]
      const middle = [Math.cos(around), 0, Math.sin(around)]
      for (let axis = 0; axis < 3; axis++) {
        normals.writeFloatLE(normal[axis] ?? 0, at + axis * 4)
        positions.writeFloatLE((middle[axis] ?? 0) + thickness * (normal[axis] ?? 0), at + axis * 4)
      }
      writeQuad(indices, at, ring, segment)
    }
  }
  const reach = 1 + thickness
  const [red, green, blue] = paletteOf(spec.prompt).accent
  const scene = {
    asset: { version: "2.0", generator: "Scenario simulator" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: spec.prompt }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2, material: 0 }] }],
    materials: [
      {
        name: spec.modelName,
        pbrMetallicRoughness: {
          baseColorFactor: [red / 255, green / 255, blue / 255, 1],
          metallicFactor: 0.2,
          roughnessFactor: 0.4,
        },
      },
    ],
    accessors: [
      {
        bufferView: 0,
        componentType: 5126,
        count: vertices,
        type: "VEC3",
        min: [-reach, -thickness, -reach],
        max: [reach, thickness, reach],
      },
      { bufferView: 1, componentType: 5126, count: vertices, type: "VEC3" },
      { bufferView: 2, componentType: 5123, count: vertices * 6, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length, byteLength: normals.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length * 2, byteLength: indices.length, target: 34963 },
    ],
    buffers: [{ byteLength: positions.length * 3 }],
  }
  return packed(Buffer.from(JSON.stringify(scene)), Buffer.concat([positions, normals, indices]))
}

/** Two triangles to the next ring and segment; six 16-bit indices fill the same twelve bytes as a vertex. */
const writeQuad = (indices: Buffer, at: number, ring: number, segment: number): void => {
  const corner = (ringStep: number, segmentStep: number) =>
    ((ring + ringStep) % rings) * segments + ((segment + segmentStep) % segments)
  const corners = [corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 0), corner(0, 1), corner(1, 1)]
  for (const [index, vertex] of corners.entries()) indices.writeUInt16LE(vertex, at + index * 2)
}

const packed = (json: Buffer, binary: Buffer): Buffer => {
  const text = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, " ")])
  const chunk = (type: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(data.length, 0)
    head.writeUInt32LE(type, 4)
    return Buffer.concat([head, data])
  }
  const chunks = Buffer.concat([chunk(0x4e4f534a, text), chunk(0x004e4942, binary)])
  const head = Buffer.alloc(12)
  head.write("glTF", 0)
  head.writeUInt32LE(2, 4)
  head.writeUInt32LE(12 + chunks.length, 8)
  return Buffer.concat([head, chunks])
}
