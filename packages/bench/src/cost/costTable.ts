import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Findings } from "../Table.ts"
import { median } from "../statistics.ts"
import { type ColdStart, measureColdStart } from "./coldStart.ts"
import { type HostBundle, measureHostBundles } from "./hostBundles.ts"

export interface CostFigures extends ColdStart {
  /** Heap of 10,000 waits, in bytes. */
  readonly oursHeap: number
  readonly loopsHeap: number
  /** CPU of one poll, in microseconds. */
  readonly oursPollUs: number
  readonly loopPollUs: number
  readonly hosts: ReadonlyArray<HostBundle>
}

export const measureCosts = async (): Promise<CostFigures> => {
  const polls = Array.from({ length: 3 }, () => [
    printedBy("pollCpu.ts", "ours"),
    printedBy("pollCpu.ts", "loop"),
  ])
  return {
    oursHeap: printedBy("memory.ts", "ours"),
    loopsHeap: printedBy("memory.ts", "loops"),
    oursPollUs: median(polls.map(([ours = 0]) => ours)),
    loopPollUs: median(polls.map(([, loop = 0]) => loop)),
    hosts: measureHostBundles(),
    ...(await measureColdStart()),
  }
}

/** The figure that a script beside this one prints, in a process of its own. */
const printedBy = (name: string, whose: string): number => {
  const script = fileURLToPath(new URL(name, import.meta.url))
  // Node's own code would be thrown away at some moment in between, or not: five megabytes.
  const flags = ["--expose-gc", "--no-flush-bytecode"]
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, whose], { encoding: "utf8" })
  const figure = Number(stdout.trim())
  if (!(figure > 0)) throw new Error(`${name} ${whose} has measured nothing: ${stderr}`)
  return figure
}

export const findingsOfCosts = (figures: CostFigures): Findings => {
  const { oursHeap, loopsHeap, oursPollUs, loopPollUs, hosts, bundleBytes, bareNodeMs, withCoreMs } = figures
  const kb = (bytes: number) => `${(bytes / 10_000 / 1024).toFixed(2)} KB`
  const startMs = withCoreMs - bareNodeMs
  return {
    tables: [
      {
        title: "[M] cost in the process",
        columns: ["what", "ours", "compared"],
        rows: [
          ["heap of one of 10,000 waits", kb(oursHeap), `promise loop with a timer: ${kb(loopsHeap)}`],
          [
            "CPU of one poll, its answer there at once",
            `${oursPollUs.toFixed(0)} us`,
            `promise loop with a fetch: ${loopPollUs.toFixed(0)} us`,
          ],
          ["start of a process", `${withCoreMs.toFixed(0)} ms`, `bare Node: ${bareNodeMs.toFixed(0)} ms`],
          ["core in one file, minified", `${(bundleBytes / 1000).toFixed(0)} kB`, ""],
          ...hosts.flatMap(({ host, bytes, withoutMs, withMs }) => [
            [`${host}: what is published`, `${(bytes / 1000).toFixed(0)} kB`, ""],
            [
              `${host}: a process that loads it`,
              `${withMs.toFixed(0)} ms`,
              `with the host's own package alone: ${withoutMs.toFixed(0)} ms`,
            ],
          ]),
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
