import { type JsonRecord, toList, toNumber, toRecord } from "./json.ts"

/** A GLB file: its scene as JSON, and the buffer with the scene's numbers and textures. */
export class Glb {
  readonly scene: JsonRecord
  readonly #buffer: Uint8Array

  /** Throws if the file isn't binary glTF 2.0, or is incomplete. */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
    if (view.getUint32(0, true) !== 0x46546c67 || view.getUint32(4, true) !== 2) throw new Error("not a GLB")
    const jsonEnd = 20 + view.getUint32(12, true)
    this.scene = toRecord(JSON.parse(new TextDecoder().decode(file.subarray(20, jsonEnd))))
    this.#buffer = jsonEnd + 8 <= file.length ? file.subarray(jsonEnd + 8) : new Uint8Array()
  }

  get(list: string, index: unknown): JsonRecord {
    return toRecord(toList(this.scene[list])[toNumber(index, -1)])
  }

  /** The bytes of a buffer view. */
  getBytes(index: unknown): Uint8Array {
    const view = this.get("bufferViews", index)
    // Only the first buffer is in the file.
    if (toNumber(view["buffer"], 0) !== 0) throw new Error("a buffer outside the file")
    const from = toNumber(view["byteOffset"], 0)
    const length = toNumber(view["byteLength"], 0)
    if (from < 0 || length < 0 || from + length > this.#buffer.length)
      throw new Error("a view beyond the file")
    return this.#buffer.subarray(from, from + length)
  }

  /** The numbers of an accessor, `size` per element, or `undefined` if it is absent. Normalized integers become 0..1. */
  getNumbers(index: unknown, size: number): Float32Array | undefined {
    const accessor = this.get("accessors", index)
    const type = componentTypes.get(toNumber(accessor["componentType"], 0))
    if (type === undefined || accessor["bufferView"] === undefined) return undefined
    if (accessor["sparse"] !== undefined) throw new Error("sparse accessors aren't supported")
    const stored = elementSizes.get(String(accessor["type"])) ?? 0
    if (stored < size) throw new Error("too few numbers per element")
    const bytes = this.getBytes(accessor["bufferView"])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const stride =
      toNumber(this.get("bufferViews", accessor["bufferView"])["byteStride"], 0) || stored * type.bytes
    const first = toNumber(accessor["byteOffset"], 0)
    const count = toNumber(accessor["count"], 0)
    // Checked before memory is allocated, because a damaged file can contain any count.
    if (count > 0 && first + (count - 1) * stride + stored * type.bytes > bytes.length)
      throw new Error("numbers beyond their view")
    const scale = accessor["normalized"] === true ? type.max : 1
    const numbers = new Float32Array(count * size)
    for (let element = 0; element < count; element++) {
      for (let part = 0; part < size; part++) {
        const at = first + element * stride + part * type.bytes
        numbers[element * size + part] = type.read(view, at) / scale
      }
    }
    return numbers
  }
}

interface ComponentType {
  readonly bytes: number
  /** The normalized integer that stands for 1. */
  readonly max: number
  readonly read: (view: DataView, at: number) => number
}

const componentTypes: ReadonlyMap<number, ComponentType> = new Map([
  [5120, { bytes: 1, max: 127, read: (view, at) => view.getInt8(at) }],
  [5121, { bytes: 1, max: 255, read: (view, at) => view.getUint8(at) }],
  [5122, { bytes: 2, max: 32_767, read: (view, at) => view.getInt16(at, true) }],
  [5123, { bytes: 2, max: 65_535, read: (view, at) => view.getUint16(at, true) }],
  [5125, { bytes: 4, max: 1, read: (view, at) => view.getUint32(at, true) }],
  [5126, { bytes: 4, max: 1, read: (view, at) => view.getFloat32(at, true) }],
])

const elementSizes: ReadonlyMap<string, number> = new Map([
  ["SCALAR", 1],
  ["VEC2", 2],
  ["VEC3", 3],
  ["VEC4", 4],
])
