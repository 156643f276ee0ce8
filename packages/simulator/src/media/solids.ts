import { hashText, createRandom } from "../seeded.ts"
import { black, type Canvas, type Color, mix, white } from "./Canvas.ts"
import { getDarkest, getGradientColor, type Palette, getStop } from "./palette.ts"

/** Glossy spheres on a floor. */
export const drawStudio = (canvas: Canvas, palette: Palette, key: string): void => {
  const random = createRandom(key)
  const unit = Math.min(canvas.width, canvas.height)
  const wall = mix(getStop(palette.stops, 3), white, 0.3)
  const floor = mix(getStop(palette.stops, 4), white, 0.35)
  for (let y = 0; y < canvas.height; y++) {
    const place = y / canvas.height
    for (let x = 0; x < canvas.width; x++) {
      const glow = 1 - Math.min(1, Math.hypot(x / canvas.width - 0.5, place - 0.4) * 1.1)
      canvas.set(x, y, mix(mix(getStop(palette.stops, 2), wall, glow), floor, smoothstep(0.5, 0.72, place)))
    }
  }
  const spheres = Array.from({ length: 7 }, (_, index) => ({
    x: canvas.width * (0.16 + random() * 0.68),
    y: canvas.height * (0.4 + random() * 0.26),
    radius: unit * (index === 0 ? 0.2 : 0.05 + random() * 0.1),
    color: index % 3 === 0 ? palette.accent : getGradientColor(palette, random()),
  })).toSorted((a, b) => a.y + a.radius - b.y - b.radius)
  for (const { x, y, radius, color } of spheres) {
    canvas.spot(
      x + radius * 0.25,
      y + radius * 0.98,
      radius * 1.25,
      getDarkest(palette),
      (distance) => 0.3 * (1 - distance) ** 1.5,
    )
    drawSphere(canvas, x, y, radius, color, palette)
  }
}

const smoothstep = (from: number, to: number, value: number): number => {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return share * share * (3 - 2 * share)
}

const drawSphere = (
  canvas: Canvas,
  x: number,
  y: number,
  radius: number,
  color: Color,
  palette: Palette,
): void => {
  for (let row = Math.floor(y - radius); row <= y + radius; row++) {
    for (let column = Math.floor(x - radius); column <= x + radius; column++) {
      const across = (column - x) / radius
      const down = (row - y) / radius
      const square = across * across + down * down
      if (square > 1) continue
      const bulge = Math.sqrt(1 - square)
      canvas.blend(
        column,
        row,
        shadeColor(color, palette, across, down, bulge),
        Math.min(1, (1 - Math.sqrt(square)) * radius),
      )
    }
  }
}

/** Light from the upper left, a colored rim, and a highlight. */
const shadeColor = (color: Color, palette: Palette, x: number, y: number, z: number): Color => {
  const light = Math.max(0, -0.5 * x - 0.62 * y + 0.6 * z)
  const shaded = mix(mix(color, getDarkest(palette), 0.78), color, Math.min(1, 0.12 + light))
  const rim = mix(shaded, getStop(palette.stops, 3), 0.5 * (1 - z) ** 3)
  return mix(rim, white, Math.min(1, light ** 22 * 1.4))
}

/** A torus or a rounded cube, as the preview of a 3D model. */
export const drawMesh = (canvas: Canvas, palette: Palette, key: string): void => {
  const unit = Math.min(canvas.width, canvas.height)
  const isCube = hashText(`mesh/${key}`) % 2 === 0
  const turn = (hashText(`turn/${key}`) % 628) / 100
  const color = palette.accent
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const across = (x - canvas.width / 2) / unit
      const down = (y - canvas.height * 0.44) / unit
      const ground = mix(
        getStop(palette.stops, 1),
        getDarkest(palette),
        Math.min(1, Math.hypot(across, down) * 1.5),
      )
      const normal = march(across * 2.7, down * 2.7, isCube, turn)
      canvas.set(
        x,
        y,
        normal === undefined ? ground : shadeColor(color, palette, normal[0], normal[1], normal[2]),
      )
    }
  }
}

type Vector = readonly [number, number, number]

const march = (x: number, y: number, isCube: boolean, turn: number): Vector | undefined => {
  let depth = -2
  for (let step = 0; step < 40; step++) {
    const distance = getDistance(x, y, depth, isCube, turn)
    if (distance < 0.004) return getNormal(x, y, depth, isCube, turn)
    depth += distance
    if (depth > 2) return undefined
  }
  return undefined
}

const getNormal = (x: number, y: number, z: number, isCube: boolean, turn: number): Vector => {
  const here = getDistance(x, y, z, isCube, turn)
  const slope: Vector = [
    getDistance(x + 0.01, y, z, isCube, turn) - here,
    getDistance(x, y + 0.01, z, isCube, turn) - here,
    getDistance(x, y, z + 0.01, isCube, turn) - here,
  ]
  const length = Math.hypot(...slope) || 1
  return [slope[0] / length, slope[1] / length, -slope[2] / length]
}

const getDistance = (x: number, y: number, z: number, isCube: boolean, turn: number): number => {
  const turnedX = x * Math.cos(turn) - z * Math.sin(turn)
  const turnedZ = x * Math.sin(turn) + z * Math.cos(turn)
  const tiltedY = y * 0.8 - turnedZ * 0.6
  const tiltedZ = y * 0.6 + turnedZ * 0.8
  if (!isCube) return Math.hypot(Math.hypot(turnedX, tiltedZ) - 0.68, tiltedY) - 0.29
  const outside = Math.hypot(
    Math.max(0, Math.abs(turnedX) - 0.5),
    Math.max(0, Math.abs(tiltedY) - 0.5),
    Math.max(0, Math.abs(tiltedZ) - 0.5),
  )
  return outside - 0.12
}

/** A gem on a transparent background. */
export const drawGem = (canvas: Canvas, palette: Palette, key: string): void => {
  const random = createRandom(`gem/${key}`)
  const sides = 7 + Math.floor(random() * 4)
  const facets = Array.from({ length: sides * 3 }, (_, index) =>
    mix(getGradientColor(palette, random()), index % 3 === 0 ? white : black, random() * 0.3),
  )
  const radius = Math.min(canvas.width, canvas.height) * 0.36
  const centerY = canvas.height * 0.42
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const distance = Math.hypot(x - canvas.width / 2, y - centerY) / radius
      const angle = (Math.atan2(y - centerY, x - canvas.width / 2) / Math.PI + 1) / 2
      const sector = angle * sides
      const inSector = Math.abs(sector - Math.floor(sector) - 0.5) * 2
      const border = Math.cos(Math.PI / sides) / Math.cos((Math.PI / sides) * (1 - inSector))
      if (distance > border) continue
      const ring = distance < 0.42 * border ? 0 : distance < 0.74 * (0.85 + 0.15 * inSector) ? 1 : 2
      const facet =
        facets[(Math.floor(sector) + (ring === 1 && inSector > 0.5 ? 1 : 0)) * 3 + ring] ?? palette.accent
      const gleam = Math.max(0, 1 - Math.hypot(x - canvas.width * 0.42, y - centerY + radius * 0.4) / radius)
      canvas.blend(
        x,
        y,
        mix(ring === 0 ? mix(facet, palette.accent, 0.5) : facet, white, gleam ** 2 * 0.55),
        Math.min(1, (border - distance) * radius * 0.7),
      )
    }
  }
}
