import type { Canvas, Color } from "./Canvas.ts"
import { type Glyph, getGlyphs } from "./font.ts"

/** Dots between two letters. */
const gap = 1

/** Width of a line in dots. */
export const measureText = (text: string): number =>
  getGlyphs(text).reduce((sum, glyph) => sum + glyph.length + gap, 0)

const dot = (glyph: Glyph, column: number, row: number): number =>
  row >= 0 && row < 8 && (((glyph[column] ?? 0) >> row) & 1) === 1 ? 1 : 0

/** Draws one line of text. `dotSize` is in pixels. Interpolation between the dots rounds the corners. */
export const write = (
  canvas: Canvas,
  text: string,
  left: number,
  top: number,
  dotSize: number,
  color: Color,
  strength = 1,
): void => {
  let at = left
  for (const glyph of getGlyphs(text)) {
    const width = Math.ceil((glyph.length + 1) * dotSize)
    const height = Math.ceil(9 * dotSize)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const covered = getCoverage(glyph, x / dotSize - 0.5, y / dotSize - 0.5)
        if (covered > 0)
          canvas.blend(
            Math.round(at + x - dotSize / 2),
            Math.round(top + y - dotSize / 2),
            color,
            covered * strength,
          )
      }
    }
    at += (glyph.length + gap) * dotSize
  }
}

/** The share of ink at a point between four dots, 0..1. */
const getCoverage = (glyph: Glyph, x: number, y: number): number => {
  const column = Math.floor(x)
  const row = Math.floor(y)
  const across = x - column
  const down = y - row
  const upper = dot(glyph, column, row) * (1 - across) + dot(glyph, column + 1, row) * across
  const lower = dot(glyph, column, row + 1) * (1 - across) + dot(glyph, column + 1, row + 1) * across
  const ink = upper * (1 - down) + lower * down
  return Math.min(1, Math.max(0, (ink - 0.34) / 0.22))
}

/** Breaks a text into lines of at most `dots`. If it needs more than `maxLines`, the last one ends with dots. */
export const wrap = (text: string, dots: number, maxLines: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  const words = text
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word) => splitWord(word, dots))
  for (const [index, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`
    if (measureText(longer) <= dots) {
      line = longer
      continue
    }
    if (lines.length === maxLines - 1)
      return [...lines, shorten(`${line} ${words.slice(index).join(" ")}`, dots)]
    lines.push(line)
    line = word
  }
  return line === "" ? lines : [...lines, line]
}

const splitWord = (word: string, dots: number): ReadonlyArray<string> => {
  if (measureText(word) <= dots) return [word]
  const size = Math.max(1, Math.floor(dots / 6))
  return word.match(new RegExp(`.{1,${size}}`, "gu")) ?? [word]
}

const shorten = (text: string, dots: number): string => {
  let kept = text.slice(0, Math.ceil(dots / 2))
  while (kept.length > 1 && measureText(`${kept}...`) > dots) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}...`
}
