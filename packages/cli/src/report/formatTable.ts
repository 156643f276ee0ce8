import { CliOutput } from "effect/cli"
import { toPrintable } from "../display/cells.ts"

/** Rows in columns that are as wide as their widest cell; the last column runs free. */
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
