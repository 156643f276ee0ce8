interface Options {
  /** The linear color of the surface. */
  readonly color?: ReadonlyArray<number>
  readonly extensionsRequired?: ReadonlyArray<string>
  /** The bytes of a PNG or JPEG. */
  readonly texture?: Uint8Array
  readonly node?: Readonly<Record<string, unknown>>
}

/** An upright square that faces the front. */
export const makeGlb = ({
  color = [1, 0, 0],
  extensionsRequired,
  texture,
  node,
}: Options = {}): Uint8Array => {
  const positions = Buffer.from(new Float32Array([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]).buffer)
  const uvs = Buffer.from(new Float32Array([0, 1, 1, 1, 1, 0, 0, 0]).buffer)
  const indices = Buffer.from(new Uint16Array([0, 1, 2, 0, 2, 3]).buffer)
  const parts = [positions, uvs, indices, Buffer.from(texture ?? [])]
  const bufferViews = parts.map(({ byteLength }, index) => ({
    buffer: 0,
    byteOffset: parts.slice(0, index).reduce((sum, each) => sum + each.byteLength, 0),
    byteLength,
  }))
  const scene = {
    asset: { version: "2.0" },
    ...(extensionsRequired === undefined ? {} : { extensionsRequired }),
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, ...node }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, TEXCOORD_0: 1 }, indices: 2, material: 0 }] }],
    materials: [
      {
        pbrMetallicRoughness: {
          baseColorFactor: [...color, 1],
          ...(texture === undefined ? {} : { baseColorTexture: { index: 0 } }),
        },
      },
    ],
    ...(texture === undefined ? {} : { textures: [{ source: 0 }], images: [{ bufferView: 3 }] }),
    accessors: [
      { bufferView: 0, componentType: 5126, count: 4, type: "VEC3" },
      { bufferView: 1, componentType: 5126, count: 4, type: "VEC2" },
      { bufferView: 2, componentType: 5123, count: 6, type: "SCALAR" },
    ],
    bufferViews,
  }
  return pack(Buffer.from(JSON.stringify(scene)), Buffer.concat(parts))
}

const pack = (json: Buffer, binary: Buffer): Uint8Array => {
  const text = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, " ")])
  const words = (...values: ReadonlyArray<number>) => Buffer.from(new Uint32Array(values).buffer)
  return Buffer.concat([
    words(0x46546c67, 2, 28 + text.length + binary.length, text.length, 0x4e4f534a),
    text,
    words(binary.length, 0x004e4942),
    binary,
  ])
}
