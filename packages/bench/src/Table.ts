import { median } from "./statistics.ts"

/** A table as it is printed. */
export interface Table {
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  /** The conclusion, printed below the table. */
  readonly note?: string
}

/** A goal and the measured figure. */
interface Goal {
  readonly number: number
  readonly text: string
  readonly figure: string
  readonly isMet: boolean
}

/** The result of one part of the benchmark. */
export interface Report {
  readonly tables: ReadonlyArray<Table>
  readonly goals: ReadonlyArray<Goal>
}

export const formatTable = ({ title, columns, rows, note }: Table): string => {
  const lines = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const [head, ...body] = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  )
  return [
    `\n${title}`,
    head,
    "-".repeat(head?.length ?? 0),
    ...body,
    ...(note === undefined ? [] : [note]),
  ].join("\n")
}

/** Seconds, from milliseconds. */
export const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 9_950 ? 2 : 1)
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The median and the range. */
export const spread = (values: ReadonlyArray<number>, digits: number): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}..${Math.max(...values).toFixed(digits)})`
