import { encode } from "jpeg-js"
import { type Bounds, Camera, getBounds } from "./Camera.ts"
import { drawMesh } from "./drawMesh.ts"
import { Frame } from "./Frame.ts"
import { getLights, toByte, toLinear } from "./light.ts"
import type { Model3d } from "./Model3d.ts"

/** The number of views around the model. The middle one is shown first. */
export const viewCount = 18

export const viewSize = { width: 480, height: 360 } as const

/** Renders all views below each other into one JPEG. They start and end with the model's back. */
export const renderViews = (model: Model3d): Uint8Array => {
  const { width, height } = viewSize
  const bounds = getBounds(model)
  const sheet = new Uint8Array(width * height * viewCount * 4)
  const frame = new Frame(width * samples, height * samples)
  const backdrop = paintBackdrop(bounds)
  for (let view = 0; view < viewCount; view++) {
    const turn = ((view - viewCount / 2) / viewCount) * 2 * Math.PI + firstTurn
    const camera = new Camera(bounds, turn, frame.width, frame.height)
    const lights = getLights(camera)
    frame.clear()
    for (const mesh of model) drawMesh(frame, mesh, camera, lights)
    writePixels(frame, backdrop, sheet.subarray(view * width * height * 4))
  }
  return encode({ width, height: height * viewCount, data: sheet }, 82).data
}

/** Most models look better when they are turned a little. */
const firstTurn = -Math.PI / 7

/** Each pixel is the mean of `samples`² samples. */
const samples = 2

/** Converts a frame to the bytes of the picture, over the backdrop. */
const writePixels = (
  { width: across, nearness, colors }: Frame,
  backdrop: Float32Array,
  picture: Uint8Array,
): void => {
  const { width, height } = viewSize
  for (let pixel = 0; pixel < width * height; pixel++) {
    const corner = Math.floor(pixel / width) * samples * across + (pixel % width) * samples
    let covered = 0
    let red = 0
    let green = 0
    let blue = 0
    for (let row = 0; row < samples; row++) {
      for (let at = corner + row * across; at < corner + row * across + samples; at++) {
        if (nearness[at] === 0) continue
        covered++
        red += Math.min(1, colors[at * 3] ?? 0)
        green += Math.min(1, colors[at * 3 + 1] ?? 0)
        blue += Math.min(1, colors[at * 3 + 2] ?? 0)
      }
    }
    const bare = 1 - covered / samples ** 2
    picture[pixel * 4] = toByte(red / samples ** 2 + bare * (backdrop[pixel * 3] ?? 0))
    picture[pixel * 4 + 1] = toByte(green / samples ** 2 + bare * (backdrop[pixel * 3 + 1] ?? 0))
    picture[pixel * 4 + 2] = toByte(blue / samples ** 2 + bare * (backdrop[pixel * 3 + 2] ?? 0))
    picture[pixel * 4 + 3] = 255
  }
}

/** Paints a gray background, on which light and dark models are visible, and a soft shadow. */
const paintBackdrop = (bounds: Bounds): Float32Array => {
  const { width, height } = viewSize
  const light = [150, 157, 166].map(toLinear)
  const dark = [72, 78, 86].map(toLinear)
  const camera = new Camera(bounds, 0, width, height)
  const ground = new Float32Array(6)
  const [x, y, z] = bounds.center
  camera.project(x, y - bounds.halfHeight, z, ground, 0)
  camera.project(x + bounds.radius, y - bounds.halfHeight, z, ground, 3)
  const [middleX = 0, middleY = 0, , edgeX = 0] = ground
  const reach = Math.max(1, edgeX - middleX)
  const picture = new Float32Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [column, row] = [pixel % width, Math.floor(pixel / width)]
    const away = Math.hypot((column - width / 2) / width, (row - height * 0.42) / height) * 1.45
    const fall = Math.min(1, away * away * (3 - 2 * Math.min(1, away)))
    const inShadow = Math.hypot((column - middleX) / reach, (row - middleY) / (reach * 0.36))
    const shade = 1 - 0.5 * Math.max(0, 1 - inShadow) ** 1.3
    for (let channel = 0; channel < 3; channel++) {
      const [from = 0, to = 0] = [light[channel], dark[channel]]
      picture[pixel * 3 + channel] = (from + (to - from) * fall) * shade
    }
  }
  return picture
}
