import { createRandom } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { type Color, mix, white } from "./Canvas.ts"
import { getDarkest, choosePalette, getStop } from "./palette.ts"

/** A landscape of paths, with the caption of other pictures. */
export const makeSvg = (spec: AssetSpec): string => {
  const { width, height } = spec
  const palette = choosePalette(spec.prompt)
  const random = createRandom(`${spec.prompt}/${spec.seed}`)
  const hills = Array.from({ length: 5 }, (_, layer) => {
    const base = height * (0.45 + layer * 0.11)
    const points = Array.from(
      { length: 6 },
      (__, index) =>
        `${(index + 0.5) * (width / 5)},${base - random() * height * 0.14} ${(index + 1) * (width / 5)},${base}`,
    )
    const color = mix(getStop(palette.stops, 3), getDarkest(palette), 0.2 + layer * 0.18)
    return `<path fill="${toCss(color)}" d="M0,${base} Q${points.join(" Q")} L${width},${height} L0,${height} Z"/>`
  })
  const size = width / 24
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${toCss(getStop(palette.stops, 0))}"/><stop offset="1" stop-color="${toCss(getStop(palette.stops, 4))}"/></linearGradient>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    `<circle cx="${width * (0.25 + random() * 0.5)}" cy="${height * 0.32}" r="${width * 0.1}" fill="${toCss(mix(palette.accent, white, 0.3))}"/>`,
    ...hills,
    `<text x="${width * 0.05}" y="${height * 0.9}" font-family="sans-serif" font-size="${size}" fill="white">${escape(spec.prompt.slice(0, 60))}</text>`,
    `<text x="${width * 0.05}" y="${height * 0.95}" font-family="sans-serif" font-size="${size / 2}" fill="white">${escape(`${spec.label} #${spec.index + 1} ${width}x${height} seed ${spec.seed} ${spec.modelName}`)}</text>`,
    "</svg>",
  ].join("\n")
}

const toCss = (color: Color): string => `rgb(${color.map((channel) => Math.round(channel)).join(" ")})`

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
