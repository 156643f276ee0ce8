import type { Camera } from "./Camera.ts"

type Direction = readonly [number, number, number]

/** Lights that move with the camera, in the model's space: a key light from the upper left, a fill light, and a highlight. */
export interface Lights {
  readonly key: Direction
  readonly fill: Direction
  /** Towards the camera. */
  readonly camera: Direction
  /** Between the key light and the camera. Surfaces that face it have a highlight. */
  readonly highlight: Direction
}

export const getLights = (camera: Camera): Lights => {
  const towards = (x: number, y: number, z: number): Direction => {
    const length = Math.hypot(x, y, z)
    return camera.toModelSpace(x / length, y / length, z / length)
  }
  return {
    camera: towards(0, 0, 1),
    key: towards(-0.55, 0.75, 0.65),
    fill: towards(0.8, 0.05, 0.45),
    highlight: towards(-0.3, 0.4, 0.9),
  }
}

/** The diffuse light on a surface with this normal. About 0..1. */
export const getDiffuse = (lights: Lights, x: number, y: number, z: number): number => {
  const key = Math.max(0, x * lights.key[0] + y * lights.key[1] + z * lights.key[2])
  const fill = Math.max(0, x * lights.fill[0] + y * lights.fill[1] + z * lights.fill[2])
  return 0.2 + 0.1 * y + 0.78 * key + 0.2 * fill
}

export const getHighlight = ({ highlight }: Lights, x: number, y: number, z: number): number => {
  const facing = x * highlight[0] + y * highlight[1] + z * highlight[2]
  return facing < 0.8 ? 0 : 0.16 * facing ** 36
}

/** Converts linear light, 0..1, to sRGB, 0..255. */
export const toByte = (linear: number): number =>
  bytes[Math.min(bytes.length - 1, Math.max(0, Math.round(linear * (bytes.length - 1))))] ?? 0

/** Converts sRGB, 0..255, to linear light. */
export const toLinear = (byte: number): number => linears[byte] ?? 0

const bytes = Uint8Array.from({ length: 4096 }, (_, index) => {
  const linear = index / 4095
  return Math.round(255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055))
})

const linears = Float32Array.from({ length: 256 }, (_, byte) =>
  byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
)
