/** A picture of eight bits a channel, in the order red, green, blue, alpha. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** How a surface polls. Colors are linear, 0..1. */
export interface Material {
  readonly color: readonly [number, number, number]
  readonly texture: Pixels | undefined
  /** Texels below this alpha are holes, 0..1; 0 for none. */
  readonly alphaCutoff: number
}

/** Triangles of one material, in the model's own space: y points up. */
export interface Mesh {
  /** Three numbers a vertex. */
  readonly positions: Float32Array
  /** Three numbers a vertex. Without them each triangle is flat. */
  readonly normals: Float32Array | undefined
  /** Two numbers a vertex. */
  readonly uvs: Float32Array | undefined
  /** Three numbers a vertex, linear. */
  readonly colors: Float32Array | undefined
  /** Three vertices a triangle. */
  readonly indices: Uint32Array
  readonly material: Material
}

export type Model3d = ReadonlyArray<Mesh>
