/** A picture with 8 bits per channel: red, green, blue, alpha. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** The look of a surface. Colors are linear, 0..1. */
export interface Material {
  readonly color: readonly [number, number, number]
  readonly texture: Pixels | undefined
  /** Pixels of the texture below this alpha are holes. 0..1; 0 for no holes. */
  readonly alphaCutoff: number
}

/** Triangles with one material, in the model's space: y points up. */
export interface Mesh {
  /** Three numbers per vertex. */
  readonly positions: Float32Array
  /** Three numbers per vertex. Without them, triangles are shaded flat. */
  readonly normals: Float32Array | undefined
  /** Two numbers per vertex. */
  readonly uvs: Float32Array | undefined
  /** Three numbers per vertex, linear. */
  readonly colors: Float32Array | undefined
  /** Three vertices per triangle. */
  readonly indices: Uint32Array
  readonly material: Material
}

export type Model3d = ReadonlyArray<Mesh>
