import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Findings } from "../Table.ts"
import { type ColdStart, measureColdStart } from "./coldStart.ts"

export interface CostFigures extends ColdStart {
  /** Heap of 10,000 waits, in bytes. */
  readonly oursHeap: number
  readonly loopsHeap: number
}

export const measureCosts = async (): Promise<CostFigures> => ({
  oursHeap: heapOf("ours"),
  loopsHeap: heapOf("loops"),
  ...(await measureColdStart()),
})

const heapOf = (whose: "ours" | "loops"): number => {
  const script = fileURLToPath(new URL("./memory.ts", import.meta.url))
  // Node's own code would be thrown away at some moment in between, or not: five megabytes.
  const flags = ["--expose-gc", "--no-flush-bytecode"]
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, whose], { encoding: "utf8" })
  const bytes = Number(stdout.trim())
  if (!(bytes > 0)) throw new Error(`the heap was not measured: ${stderr}`)
  return bytes
}

export const findingsOfCosts = (figures: CostFigures): Findings => {
  const { oursHeap, loopsHeap, bundleBytes, bareNodeMs, withCoreMs } = figures
  const kb = (bytes: number) => `${(bytes / 10_000 / 1024).toFixed(2)} KB`
  const startMs = withCoreMs - bareNodeMs
  return {
    tables: [
      {
        title: "[M] cost in the process",
        columns: ["what", "ours", "compared"],
        rows: [
          ["heap of one of 10,000 waits", kb(oursHeap), `promise loop with a timer: ${kb(loopsHeap)}`],
          ["start of a process", `${withCoreMs.toFixed(0)} ms`, `bare Node: ${bareNodeMs.toFixed(0)} ms`],
          ["core in one file, minified", `${(bundleBytes / 1000).toFixed(0)} kB`, ""],
        ],
      },
    ],
    goals: [
      {
        number: 8,
        text: "10,000 waits <= 20 MB of heap, and <= 2.5 x promise loops",
        figure: `${(oursHeap / 1e6).toFixed(1)} MB, x ${(oursHeap / loopsHeap).toFixed(2)}`,
        isMet: oursHeap <= 20e6 && oursHeap <= 2.5 * loopsHeap,
      },
      {
        number: 10,
        text: "core in one file <= 260 kB minified, its start <= 35 ms over bare Node's",
        figure: `${(bundleBytes / 1000).toFixed(0)} kB, ${startMs.toFixed(0)} ms`,
        isMet: bundleBytes <= 260_000 && startMs <= 35,
      },
    ],
  }
}
