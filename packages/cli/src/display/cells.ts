import { CliOutput } from "effect/cli"

/** Text measured in the cells of a terminal, where an ideogram takes two and a combining accent none. */

const graphemes = new Intl.Segmenter()

/** A terminal's size; a terminal that doesn't know its size says 0. */
export const toCells = (size: number | undefined, otherwise: number): number =>
  size !== undefined && size > 0 ? size : otherwise

/** The text in exactly this many cells: cut with an ellipsis, or filled with blanks. */
export const fitToCells = (text: string, cells: number): string => {
  const cut = shortenToCells(text, cells)
  return cut + " ".repeat(Math.max(0, cells - CliOutput.displayWidth(cut)))
}

/** The text in at most this many cells. */
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

/** On one line, without what would move the cursor or recolour the terminal: titles and messages come from elsewhere. */
export const toPrintable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replaceAll(/[\u202A-\u202E\u2066-\u2069]/gu, "")

/** The same over several lines: what a model or the API has written must not steer the terminal either. */
export const toPrintableLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(toPrintable).join("\t"))
    .join("\n")
