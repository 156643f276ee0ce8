import { CliOutput } from "effect/cli"
import { toPrintable } from "../display/cells.ts"

/** Aligns rows in columns. The last column isn't padded. */
export const formatTable = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const cells = rows.map((row) => row.map(toPrintable))
  const widths = cells.reduce<ReadonlyArray<number>>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, CliOutput.displayWidth(cell))),
    [],
  )
  return cells.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - CliOutput.displayWidth(cell)))
      .join("  ")
      .trimEnd(),
  )
}
