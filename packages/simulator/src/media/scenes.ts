import { type Random, createRandom } from "../seeded.ts"
import { type Canvas, mix, white } from "./Canvas.ts"
import { Noise } from "./noise.ts"
import { getDarkest, getGradientColor, type Palette, getStop } from "./palette.ts"

// Positions are proportions of the canvas, so that a larger canvas shows the same picture.

export interface Brush {
  readonly canvas: Canvas
  readonly palette: Palette
  /** Prompt and seed, which make each picture different. */
  readonly key: string
}

const drawSky = ({ canvas, palette }: Brush, until: number): void => {
  for (let y = 0; y < canvas.height; y++) {
    const color = getGradientColor(palette, Math.min(1, y / (canvas.height * until)))
    for (let x = 0; x < canvas.width; x++) canvas.set(x, y, color)
  }
}

const drawStars = ({ canvas }: Brush, random: Random, count: number): void => {
  for (let index = 0; index < count; index++) {
    const x = random() * canvas.width
    const y = random() * random() * canvas.height * 0.6
    canvas.spot(
      x,
      y,
      (0.6 + random() * 1.8) * (canvas.width / 700) + 0.8,
      white,
      (distance) => (1 - distance) * 0.9,
    )
  }
}

const drawSun = ({ canvas, palette }: Brush, random: Random): void => {
  const x = canvas.width * (0.2 + random() * 0.6)
  const y = canvas.height * (0.2 + random() * 0.25)
  const radius = Math.min(canvas.width, canvas.height) * (0.07 + random() * 0.06)
  canvas.spot(x, y, radius * 5, palette.accent, (distance) => 0.45 * (1 - distance) ** 2)
  canvas.disc(x, y, radius, mix(palette.accent, white, 0.35))
}

/** Mountain ridges that become paler with distance. */
export const drawRidges = (brush: Brush): void => {
  const { canvas, palette, key } = brush
  const random = createRandom(key)
  drawSky(brush, 0.75)
  drawStars(brush, random, 90)
  drawSun(brush, random)
  const layers = 6
  for (let layer = 0; layer < layers; layer++) {
    const noise = new Noise(`${key}/${layer}`)
    const depth = layer / (layers - 1)
    const color = mix(getStop(palette.stops, 3), getDarkest(palette), 0.15 + depth * 0.85)
    const shadeColor = mix(color, palette.accent, 0.18 * (1 - depth))
    const stretch = 3 + depth * 2.5
    for (let x = 0; x < canvas.width; x++) {
      const height = noise.ridge((x / canvas.width) * stretch, 6)
      const top = canvas.height * (0.42 + depth * 0.36 - (height - 0.5) * (0.42 - depth * 0.22))
      fillColumn(canvas, x, top, (y) =>
        mix(shadeColor, color, Math.min(1, (y - top) / (canvas.height * 0.16))),
      )
    }
  }
}

const fillColumn = (
  canvas: Canvas,
  x: number,
  top: number,
  colorAt: (y: number) => readonly [number, number, number],
): void => {
  const first = Math.floor(top)
  canvas.blend(x, first, colorAt(top), 1 - (top - first))
  for (let y = Math.max(0, first + 1); y < canvas.height; y++) canvas.set(x, y, colorAt(y))
}

/** A sea with waves under a low sun. */
const drawWaves = (brush: Brush): void => {
  const { canvas, palette, key } = brush
  const random = createRandom(key)
  drawSky(brush, 0.6)
  drawSun(brush, random)
  const layers = 11
  for (let layer = 0; layer < layers; layer++) {
    const depth = layer / (layers - 1)
    const phase = random() * 10
    const length = 1.5 + random() * 2 + (1 - depth) * 4
    const color = mix(getGradientColor(palette, 0.85 - depth * 0.6), getDarkest(palette), depth * 0.55)
    const crest = mix(color, white, 0.4)
    const swell = canvas.height * (0.008 + depth * 0.028)
    const edge = canvas.height * (0.004 + depth * 0.006)
    for (let x = 0; x < canvas.width; x++) {
      const across = (x / canvas.width) * length * Math.PI
      const top =
        canvas.height * (0.5 + depth ** 1.3 * 0.42) +
        swell * (Math.sin(across + phase) + 0.5 * Math.sin(across * 2.3 + phase * 2))
      fillColumn(canvas, x, top, (y) => (y - top < edge ? crest : color))
    }
  }
}

/** Planets, moons, and dust. */
const drawOrbs = (brush: Brush): void => {
  const { canvas, palette, key } = brush
  const random = createRandom(key)
  const noise = new Noise(key)
  const night = mix(getDarkest(palette), getStop(palette.stops, 0), 0.35)
  const unit = Math.min(canvas.width, canvas.height)
  const step = Math.max(1, Math.round(canvas.width / 256))
  for (let y = 0; y < canvas.height; y += step) {
    for (let x = 0; x < canvas.width; x += step) {
      const cloud =
        noise.plane((x / unit) * 4, (y / unit) * 4) * 0.6 + noise.plane((x / unit) * 9, (y / unit) * 9) * 0.4
      const color = mix(night, getGradientColor(palette, cloud), Math.max(0, cloud - 0.35) * 0.9)
      for (let row = y; row < Math.min(y + step, canvas.height); row++) {
        for (let column = x; column < Math.min(x + step, canvas.width); column++)
          canvas.set(column, row, color)
      }
    }
  }
  drawStars(brush, random, 160)
  for (let index = 0; index < 5; index++) {
    const radius = unit * (index === 0 ? 0.2 + random() * 0.1 : 0.02 + random() * 0.09)
    drawPlanet(
      brush,
      canvas.width * (0.12 + random() * 0.76),
      canvas.height * (0.12 + random() * 0.55),
      radius,
      random,
    )
  }
}

const drawPlanet = (
  { canvas, palette, key }: Brush,
  x: number,
  y: number,
  radius: number,
  random: Random,
): void => {
  const base = random()
  const bands = new Noise(`${key}/${base}`)
  canvas.spot(x, y, radius * 1.5, palette.accent, (distance) => (distance < 0.66 ? 0 : 0.35 * (1 - distance)))
  for (let row = Math.floor(y - radius); row <= y + radius; row++) {
    for (let column = Math.floor(x - radius); column <= x + radius; column++) {
      const across = (column - x) / radius
      const down = (row - y) / radius
      const square = across * across + down * down
      if (square > 1) continue
      const bulge = Math.sqrt(1 - square)
      const light = Math.max(0.08, -0.55 * across - 0.5 * down + 0.67 * bulge)
      const stripe = bands.ridge((down + 0.12 * across) * 5 + 9, 3)
      const color = mix(getDarkest(palette), getGradientColor(palette, base * 0.4 + stripe * 0.7), light)
      canvas.blend(column, row, color, Math.min(1, (1 - Math.sqrt(square)) * radius))
    }
  }
}

/** A town with lit windows. */
const drawCity = (brush: Brush): void => {
  const { canvas, palette, key } = brush
  const random = createRandom(key)
  drawSky(brush, 0.8)
  drawStars(brush, random, 60)
  drawSun(brush, random)
  for (let layer = 0; layer < 4; layer++) {
    const depth = layer / 3
    const color = mix(getStop(palette.stops, 2), getDarkest(palette), 0.3 + depth * 0.7)
    let left = -canvas.width * 0.02
    while (left < canvas.width) {
      const width = canvas.width * (0.04 + random() * 0.07)
      const top = canvas.height * (0.34 + depth * 0.2 + random() * 0.24)
      canvas.rectangle(left, top, width, canvas.height - top, color)
      drawRoof(brush, left, top, width, color, random)
      drawWindows(brush, left, top, width, depth, random)
      left += width * (0.9 + random() * 0.25)
    }
  }
}

const drawRoof = (
  { canvas }: Brush,
  left: number,
  top: number,
  width: number,
  color: readonly [number, number, number],
  random: Random,
): void => {
  const kind = random()
  if (kind < 0.35) {
    const height = width * (0.4 + random() * 0.5)
    for (let rise = 0; rise < height; rise++) {
      const inset = (rise / height) * (width / 2)
      canvas.rectangle(left + inset, top - rise - 1, width - inset * 2, 1, color)
    }
  } else if (kind < 0.5)
    canvas.rectangle(left + width * 0.47, top - width * 0.7, Math.max(1, width * 0.06), width * 0.7, color)
}

const drawWindows = (
  { canvas, palette }: Brush,
  left: number,
  top: number,
  width: number,
  depth: number,
  random: Random,
): void => {
  const pitch = Math.max(4, canvas.width * 0.014)
  for (let y = top + pitch; y < canvas.height; y += pitch * 1.5) {
    for (let x = left + pitch * 0.6; x < left + width - pitch * 0.9; x += pitch) {
      const isLit = random() < 0.35
      if (isLit) canvas.rectangle(x, y, pitch * 0.45, pitch * 0.7, palette.accent, 0.35 + depth * 0.55)
    }
  }
}

const scenes = [drawRidges, drawWaves, drawOrbs, drawCity]

const hints: ReadonlyArray<readonly [RegExp, (brush: Brush) => void]> = [
  [/drawCity|town|house|castle|street|tower|building|village|bridge/i, drawCity],
  [/sea|ocean|water|boat|ship|wave|lake|river|beach|fish|whale/i, drawWaves],
  [/space|drawPlanet|star|galaxy|moon|robot|alien|comet|astronaut/i, drawOrbs],
  [/mountain|forest|hill|valley|desert|tree|fox|dragon|landscape/i, drawRidges],
]

/** The scene that matches the prompt, or else the one that `pick` chooses. */
export const chooseScene = (prompt: string, pick: number): ((brush: Brush) => void) =>
  hints.find(([pattern]) => pattern.test(prompt))?.[1] ?? scenes[pick % scenes.length] ?? drawRidges
