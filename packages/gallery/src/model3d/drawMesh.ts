import type { Camera } from "./Camera.ts"
import type { Frame } from "./Frame.ts"
import { getDiffuse, getHighlight, type Lights, toLinear } from "./light.ts"
import type { Mesh, Pixels } from "./Model3d.ts"

/** Draws the triangles of a mesh, where they are nearer than what the frame contains. */
export const drawMesh = (frame: Frame, mesh: Mesh, camera: Camera, lights: Lights): void => {
  const { positions, indices } = mesh
  const seen = new Float32Array(positions.length)
  for (let at = 0; at < positions.length; at += 3) {
    camera.project(positions[at] ?? 0, positions[at + 1] ?? 0, positions[at + 2] ?? 0, seen, at)
  }
  for (let at = 0; at < indices.length; at += 3) {
    drawTriangle(frame, mesh, seen, lights, indices[at] ?? 0, indices[at + 1] ?? 0, indices[at + 2] ?? 0)
  }
}

const drawTriangle = (
  frame: Frame,
  mesh: Mesh,
  seen: Float32Array,
  lights: Lights,
  a: number,
  b: number,
  c: number,
): void => {
  const ax = seen[a * 3] ?? 0
  const ay = seen[a * 3 + 1] ?? 0
  const an = seen[a * 3 + 2] ?? 0
  const bx = seen[b * 3] ?? 0
  const by = seen[b * 3 + 1] ?? 0
  const bn = seen[b * 3 + 2] ?? 0
  const cx = seen[c * 3] ?? 0
  const cy = seen[c * 3 + 1] ?? 0
  const cn = seen[c * 3 + 2] ?? 0
  const area = (cx - ax) * (by - ay) - (bx - ax) * (cy - ay)
  if (area === 0 || !Number.isFinite(area)) return
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5))
  const right = Math.min(frame.width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5))
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5))
  const bottom = Math.min(frame.height - 1, Math.floor(Math.max(ay, by, cy) - 0.5))
  if (left > right || top > bottom) return
  if (mesh.normals === undefined) setFaceNormal(mesh.positions, a, b, c)
  // The weights of two corners at a pixel, which change linearly along a row.
  const stepA = (cy - by) / area
  const stepB = (ay - cy) / area
  for (let row = top; row <= bottom; row++) {
    const x = left + 0.5
    const y = row + 0.5
    let shareA = ((cx - x) * (by - y) - (bx - x) * (cy - y)) / area
    let shareB = ((ax - x) * (cy - y) - (cx - x) * (ay - y)) / area
    let pixel = row * frame.width + left
    for (let column = left; column <= right; column++, pixel++, shareA += stepA, shareB += stepB) {
      const shareC = 1 - shareA - shareB
      if (shareA < 0 || shareB < 0 || shareC < 0) continue
      const near = shareA * an + shareB * bn + shareC * cn
      if (near <= (frame.nearness[pixel] ?? 0)) continue
      // Perspective: converts the weights in the picture to weights on the surface.
      const inA = (shareA * an) / near
      const inB = (shareB * bn) / near
      const inC = 1 - inA - inB
      if (!setColor(mesh, a, b, c, inA, inB, inC)) continue
      if (mesh.normals !== undefined) setNormal(mesh.normals, a, b, c, inA, inB, inC)
      // The visible side of a surface is lit, also if the file declares it as the back.
      const side = isBehind(lights.camera) ? -1 : 1
      const nx = (normal[0] ?? 0) * side
      const ny = (normal[1] ?? 0) * side
      const nz = (normal[2] ?? 0) * side
      const diffuse = getDiffuse(lights, nx, ny, nz)
      const highlight = getHighlight(lights, nx, ny, nz)
      frame.nearness[pixel] = near
      frame.colors[pixel * 3] = (color[0] ?? 0) * diffuse + highlight
      frame.colors[pixel * 3 + 1] = (color[1] ?? 0) * diffuse + highlight
      frame.colors[pixel * 3 + 2] = (color[2] ?? 0) * diffuse + highlight
    }
  }
}

// Reused for each pixel, because allocating millions of small arrays is slow.
const color = new Float64Array(3)
const normal = new Float64Array(3)

const setFaceNormal = (positions: Float32Array, a: number, b: number, c: number): void => {
  const part = (to: number, axis: number) => (positions[to * 3 + axis] ?? 0) - (positions[a * 3 + axis] ?? 0)
  setDirection(
    part(b, 1) * part(c, 2) - part(b, 2) * part(c, 1),
    part(b, 2) * part(c, 0) - part(b, 0) * part(c, 2),
    part(b, 0) * part(c, 1) - part(b, 1) * part(c, 0),
  )
}

const setNormal = (
  normals: Float32Array,
  a: number,
  b: number,
  c: number,
  inA: number,
  inB: number,
  inC: number,
): void => {
  setDirection(
    inA * (normals[a * 3] ?? 0) + inB * (normals[b * 3] ?? 0) + inC * (normals[c * 3] ?? 0),
    inA * (normals[a * 3 + 1] ?? 0) + inB * (normals[b * 3 + 1] ?? 0) + inC * (normals[c * 3 + 1] ?? 0),
    inA * (normals[a * 3 + 2] ?? 0) + inB * (normals[b * 3 + 2] ?? 0) + inC * (normals[c * 3 + 2] ?? 0),
  )
}

const setDirection = (x: number, y: number, z: number): void => {
  const length = Math.sqrt(x * x + y * y + z * z) || 1
  normal[0] = x / length
  normal[1] = y / length
  normal[2] = z / length
}

/** Whether the normal points away from the camera. At outlines, smooth normals can point away a little. */
const isBehind = (camera: Lights["camera"]): boolean =>
  (normal[0] ?? 0) * camera[0] + (normal[1] ?? 0) * camera[1] + (normal[2] ?? 0) * camera[2] < -0.2

/** Writes the color of the surface at a point. Returns false if there is a hole. */
const setColor = (
  { material, uvs, colors }: Mesh,
  a: number,
  b: number,
  c: number,
  inA: number,
  inB: number,
  inC: number,
): boolean => {
  for (let channel = 0; channel < 3; channel++) {
    const vertex =
      colors === undefined
        ? 1
        : inA * (colors[a * 3 + channel] ?? 0) +
          inB * (colors[b * 3 + channel] ?? 0) +
          inC * (colors[c * 3 + channel] ?? 0)
    color[channel] = (material.color[channel] ?? 1) * vertex
  }
  const { texture } = material
  if (texture === undefined || uvs === undefined) return true
  const u = inA * (uvs[a * 2] ?? 0) + inB * (uvs[b * 2] ?? 0) + inC * (uvs[c * 2] ?? 0)
  const v = inA * (uvs[a * 2 + 1] ?? 0) + inB * (uvs[b * 2 + 1] ?? 0) + inC * (uvs[c * 2 + 1] ?? 0)
  const texel = getTexel(texture, u, v)
  if ((texture.data[texel + 3] ?? 255) < material.alphaCutoff * 255) return false
  for (let channel = 0; channel < 3; channel++) {
    color[channel] = (color[channel] ?? 0) * toLinear(texture.data[texel + channel] ?? 0)
  }
  return true
}

/** Textures repeat. */
const getTexel = ({ width, height }: Pixels, u: number, v: number): number => {
  const column = Math.min(width - 1, Math.floor((u - Math.floor(u)) * width))
  const row = Math.min(height - 1, Math.floor((v - Math.floor(v)) * height))
  return (row * width + column) * 4
}
