import { CliOutput } from "effect/cli"

// Text is measured in a terminal's cells: an ideogram takes two, a combining accent none.

const graphemes = new Intl.Segmenter()

/** A terminal's size. A terminal that doesn't know its size reports 0. */
export const toCells = (size: number | undefined, otherwise: number): number =>
  size !== undefined && size > 0 ? size : otherwise

/** Cuts the text with an ellipsis, or pads it with blanks, to exactly this many cells. */
export const fitToCells = (text: string, cells: number): string => {
  const cut = shortenToCells(text, cells)
  return cut + " ".repeat(Math.max(0, cells - CliOutput.displayWidth(cut)))
}

/** Cuts the text with an ellipsis to at most this many cells. */
export const shortenToCells = (text: string, cells: number): string => {
  const line = toPrintable(text)
  if (CliOutput.displayWidth(line) <= cells) return line
  let kept = ""
  let width = 0
  for (const { segment } of graphemes.segment(line)) {
    width += CliOutput.displayWidth(segment)
    if (width > cells - 1) break
    kept += segment
  }
  return cells < 1 ? "" : `${kept}…`
}

/** Puts the text on one line and removes control characters: prompts and API messages must not control the terminal. */
export const toPrintable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replaceAll(/[\u202A-\u202E\u2066-\u2069]/gu, "")

/** The same for text with several lines. */
export const toPrintableLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(toPrintable).join("\t"))
    .join("\n")
