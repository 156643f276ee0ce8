import { type JsonRecord, toNumbers } from "./json.ts"

/** A 4×4 matrix in column-major order, as in glTF. */
export type Matrix = ReadonlyArray<number>

export const identity: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

export const multiply = (one: Matrix, other: Matrix): Matrix =>
  Array.from({ length: 16 }, (_, at) => {
    const column = at - (at % 4)
    return [0, 1, 2, 3].reduce(
      (sum, step) => sum + (one[step * 4 + (at % 4)] ?? 0) * (other[column + step] ?? 0),
      0,
    )
  })

/** A node's transformation: its matrix, or its translation, rotation, and scale. */
export const getNodeMatrix = (node: JsonRecord): Matrix => {
  if (node["matrix"] !== undefined) return toNumbers(node["matrix"], identity)
  const [tx = 0, ty = 0, tz = 0] = toNumbers(node["translation"], [0, 0, 0])
  const [x = 0, y = 0, z = 0, w = 1] = toNumbers(node["rotation"], [0, 0, 0, 1])
  const [sx = 1, sy = 1, sz = 1] = toNumbers(node["scale"], [1, 1, 1])
  return [
    (1 - 2 * (y * y + z * z)) * sx,
    2 * (x * y + z * w) * sx,
    2 * (x * z - y * w) * sx,
    0,
    2 * (x * y - z * w) * sy,
    (1 - 2 * (x * x + z * z)) * sy,
    2 * (y * z + x * w) * sy,
    0,
    2 * (x * z + y * w) * sz,
    2 * (y * z - x * w) * sz,
    (1 - 2 * (x * x + y * y)) * sz,
    0,
    tx,
    ty,
    tz,
    1,
  ]
}

/** Transforms points (`w` 1) or directions (`w` 0). */
export const transform = (matrix: Matrix, points: Float32Array, w: 0 | 1): Float32Array => {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0, , tx = 0, ty = 0, tz = 0] = matrix
  const moved = new Float32Array(points.length)
  for (let at = 0; at < points.length; at += 3) {
    const [x, y, z] = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0]
    moved[at] = a * x + d * y + g * z + tx * w
    moved[at + 1] = b * x + e * y + h * z + ty * w
    moved[at + 2] = c * x + f * y + i * z + tz * w
  }
  return moved
}

/** The matrix for normals. Its columns are the cross products of the columns of the matrix. */
export const getNormalMatrix = (matrix: Matrix): Matrix => {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = matrix
  return [
    [e * i - f * h, f * g - d * i, d * h - e * g, 0],
    [h * c - i * b, i * a - g * c, g * b - h * a, 0],
    [b * f - c * e, c * d - a * f, a * e - b * d, 0],
    [0, 0, 0, 1],
  ].flat()
}
