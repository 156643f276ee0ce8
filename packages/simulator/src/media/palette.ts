import { hashText } from "../seeded.ts"
import { type Color, mix } from "./Canvas.ts"

/** Six colors from the top of the sky to the foreground, and an accent. */
export interface Palette {
  readonly stops: ReadonlyArray<Color>
  readonly accent: Color
}

const parseColor = (hex: string): Color => {
  const number = Number.parseInt(hex, 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}

const parsePalette = (line: string): Palette => {
  const [stops = "", accent = ""] = line.split(" | ")
  return { stops: stops.split(" ").map(parseColor), accent: parseColor(accent) }
}

const palettes = [
  "1b1f4b 4b3b8f b05a9c f28f79 ffd08a 2a1a3e | fff1c9",
  "0b3954 087e8b 5fb3a8 bfd7b5 f6e7cb 0a2239 | ff5a5f",
  "10002b 3c096c 7b2cbf c77dff ffd6ff 160026 | ffe066",
  "02111b 3f4045 5d737e 9fb8ad e8efe4 0d1317 | f7b267",
  "3d0e1e 8c1c3b d7503f f6a55b ffe0a3 260a14 | fff4d6",
  "081c15 1b4332 40916c 95d5b2 e9f5db 06140f | ffb703",
  "03045e 0077b6 00b4d8 90e0ef eafaff 02083b | ff9f1c",
  "22223b 4a4e69 9a8c98 dcb8a9 f7ebe1 16162a | e07a5f",
  "2b0a3d 5e2a7e d05c8b ff9a76 ffe8b6 1a0526 | 7df9ff",
  "13263a 27566b 5a9aa8 f3c98b f9ecd4 0c1826 | e4572e",
].map(parsePalette)

/** Words for a color, and the palettes that contain it. */
const colorWords: ReadonlyArray<readonly [RegExp, ReadonlyArray<number>]> = [
  [/\bred\b|ruby|fire|lava|sunset|blood|autumn/i, [4, 0]],
  [/blue|sapphire|ice|ocean|winter|rain|storm/i, [6, 3]],
  [/green|emerald|forest|moss|spring|dragon|leaf|leaves/i, [5]],
  [/purple|violet|magic|neon|night|amethyst/i, [2, 8]],
  [/gold|desert|sand|yellow|amber|honey|morning/i, [9, 0, 4]],
]

const everyPalette = palettes.map((_, index) => index)

/** The palette that matches a color word in the prompt, or else one by the hash of the prompt. */
export const choosePalette = (prompt: string, variant = 0): Palette => {
  const fitting = colorWords.find(([pattern]) => pattern.test(prompt))?.[1] ?? everyPalette
  const index = fitting[hashText(`palette/${prompt}/${variant}`) % fitting.length] ?? 0
  return palettes[index] ?? { stops: [], accent: [255, 255, 255] }
}

/** The color at a position, 0..1, of the gradient through all stops except the darkest. */
export const getGradientColor = ({ stops }: Palette, place: number): Color => {
  const last = stops.length - 2
  const scaled = Math.min(0.9999, Math.max(0, place)) * last
  const index = Math.floor(scaled)
  return mix(getStop(stops, index), getStop(stops, index + 1), scaled - index)
}

export const getStop = (stops: ReadonlyArray<Color>, index: number): Color => stops[index] ?? [128, 128, 128]

export const getDarkest = ({ stops }: Palette): Color => getStop(stops, stops.length - 1)
