import type { Model3d } from "./Model3d.ts"

/** How far the camera looks down. Radians. */
const pitch = (20 * Math.PI) / 180

/** The distance of the camera in units of the model's size. A large one distorts little. */
const distance = 4.5

/** A model's center and size, so that it fits a view at any angle. */
export interface Bounds {
  readonly center: readonly [number, number, number]
  /** The largest distance from the vertical axis through the center. */
  readonly radius: number
  readonly halfHeight: number
}

export const getBounds = (model: Model3d): Bounds => {
  const min = [Infinity, Infinity, Infinity]
  const max = [-Infinity, -Infinity, -Infinity]
  for (const { positions } of model) {
    for (const [at, value] of positions.entries()) {
      min[at % 3] = Math.min(min[at % 3] ?? 0, value)
      max[at % 3] = Math.max(max[at % 3] ?? 0, value)
    }
  }
  const half = (axis: number) => ((min[axis] ?? 0) + (max[axis] ?? 0)) / 2
  const center = [half(0), half(1), half(2)] as const
  let radius = 0
  for (const { positions } of model) {
    for (let at = 0; at < positions.length; at += 3) {
      const [x, z] = [(positions[at] ?? 0) - center[0], (positions[at + 2] ?? 0) - center[2]]
      radius = Math.max(radius, x * x + z * z)
    }
  }
  return { center, radius: Math.sqrt(radius), halfHeight: ((max[1] ?? 0) - (min[1] ?? 0)) / 2 }
}

/** A camera in front of a model that is turned about its vertical axis. */
export class Camera {
  readonly #bounds: Bounds
  readonly #cos: number
  readonly #sin: number
  readonly #scale: number
  readonly #away: number
  readonly #width: number
  readonly #height: number

  constructor(bounds: Bounds, turn: number, width: number, height: number) {
    const { radius, halfHeight } = bounds
    this.#bounds = bounds
    this.#cos = Math.cos(turn)
    this.#sin = Math.sin(turn)
    this.#width = width
    this.#height = height
    this.#away = distance * Math.max(radius, halfHeight, 1e-30)
    const reach = halfHeight * Math.cos(pitch) + radius * Math.sin(pitch)
    this.#scale = Math.min((width * 0.42) / radius, (height * 0.43) / reach)
  }

  /** Writes the position of a point in pixels, and one over its distance, which grows towards the camera. */
  project(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const { center } = this.#bounds
    const [right, up, back] = [x - center[0], y - center[1], z - center[2]]
    const turnedX = right * this.#cos + back * this.#sin
    const turnedZ = back * this.#cos - right * this.#sin
    const near = 1 / (1 - (turnedZ * Math.cos(pitch) + up * Math.sin(pitch)) / this.#away)
    out[at] = this.#width / 2 + turnedX * this.#scale * near
    out[at + 1] = this.#height / 2 - (up * Math.cos(pitch) - turnedZ * Math.sin(pitch)) * this.#scale * near
    out[at + 2] = near
  }

  /** Converts a direction from the camera's space, with x to the right and z towards the camera, to the model's space. */
  toModelSpace(x: number, y: number, z: number): readonly [number, number, number] {
    const up = y * Math.cos(pitch) + z * Math.sin(pitch)
    const back = z * Math.cos(pitch) - y * Math.sin(pitch)
    return [x * this.#cos - back * this.#sin, up, x * this.#sin + back * this.#cos]
  }
}
