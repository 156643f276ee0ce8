import { hashText } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { mix } from "./Canvas.ts"
import { choosePalette, getStop } from "./palette.ts"

const rings = 144
const segments = 14

/** A knot in the colors of the prompt, as binary glTF 2.0. It looks different from every side. */
export const makeGlb = (spec: AssetSpec): Buffer => {
  const hash = hashText(`${spec.prompt}/${spec.seed}`)
  const thickness = 0.5 + (hash % 100) / 400
  const turns = hash % 2 === 0 ? 3 : 5
  const vertices = rings * segments
  const positions = Buffer.alloc(vertices * 12)
  const normals = Buffer.alloc(vertices * 12)
  const colors = Buffer.alloc(vertices * 12)
  const indices = Buffer.alloc(vertices * 12)
  const { stops, accent } = choosePalette(spec.prompt, hashText(spec.seed) % 4)
  for (let ring = 0; ring < rings; ring++) {
    const middle = getPoint(ring / rings, turns)
    const [side, up] = getFrame(ring / rings, turns)
    const color = mix(accent, getStop(stops, 2), 0.5 - 0.5 * Math.cos((ring / rings) * 4 * Math.PI))
    for (let segment = 0; segment < segments; segment++) {
      const around = (segment / segments) * 2 * Math.PI
      const at = (ring * segments + segment) * 12
      for (let axis = 0; axis < 3; axis++) {
        const normal = Math.cos(around) * (side[axis] ?? 0) + Math.sin(around) * (up[axis] ?? 0)
        normals.writeFloatLE(normal, at + axis * 4)
        positions.writeFloatLE((middle[axis] ?? 0) + thickness * normal, at + axis * 4)
        // Vertex colors are linear.
        colors.writeFloatLE(((color[axis] ?? 0) / 255) ** 2.2, at + axis * 4)
      }
      writeQuad(indices, at, ring, segment)
    }
  }
  const reach = 3 + thickness
  const scene = {
    asset: { version: "2.0", generator: "Scenario simulator" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: spec.prompt }],
    meshes: [
      { primitives: [{ attributes: { POSITION: 0, NORMAL: 1, COLOR_0: 2 }, indices: 3, material: 0 }] },
    ],
    materials: [
      {
        name: spec.modelName,
        pbrMetallicRoughness: {
          baseColorFactor: [1, 1, 1, 1],
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
        min: [-reach, -reach, -1 - thickness],
        max: [reach, reach, 1 + thickness],
      },
      { bufferView: 1, componentType: 5126, count: vertices, type: "VEC3" },
      { bufferView: 2, componentType: 5126, count: vertices, type: "VEC3" },
      { bufferView: 3, componentType: 5123, count: vertices * 6, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length, byteLength: normals.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length * 2, byteLength: colors.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length * 3, byteLength: indices.length, target: 34963 },
    ],
    buffers: [{ byteLength: positions.length * 4 }],
  }
  return pack(Buffer.from(JSON.stringify(scene)), Buffer.concat([positions, normals, colors, indices]))
}

type Vector = readonly [number, number, number]

/** A point on the knot's center line. `share` is the position on the line, 0..1. */
const getPoint = (share: number, turns: number): Vector => {
  const along = share * 2 * Math.PI
  const radius = 2 + Math.cos(turns * along)
  return [radius * Math.cos(2 * along), radius * Math.sin(2 * along), Math.sin(turns * along)]
}

/** Two directions at right angles to the center line and to each other. */
const getFrame = (share: number, turns: number): readonly [Vector, Vector] => {
  const point = getPoint(share, turns)
  const next = getPoint(share + 1e-4, turns)
  const ahead = unit([next[0] - point[0], next[1] - point[1], next[2] - point[2]])
  const side = unit(cross(ahead, point))
  return [side, cross(ahead, side)]
}

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z) || 1
  return [x / length, y / length, z / length]
}

/** Writes two triangles between neighboring rings and segments. Six 16-bit indices take twelve bytes, as a vertex does. */
const writeQuad = (indices: Buffer, at: number, ring: number, segment: number): void => {
  const corner = (ringStep: number, segmentStep: number) =>
    ((ring + ringStep) % rings) * segments + ((segment + segmentStep) % segments)
  const corners = [corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 0), corner(0, 1), corner(1, 1)]
  for (const [index, vertex] of corners.entries()) indices.writeUInt16LE(vertex, at + index * 2)
}

const pack = (json: Buffer, binary: Buffer): Buffer => {
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
