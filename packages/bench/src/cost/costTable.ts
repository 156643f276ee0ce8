import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Report } from "../Table.ts"
import { median } from "../statistics.ts"
import { type ClientPackage, measureClientPackages } from "./clientPackages.ts"
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
  readonly clients: ReadonlyArray<ClientPackage>
}

export const measureCosts = async (): Promise<CostFigures> => {
  const polls = Array.from({ length: 3 }, () => [
    measureInProcess("pollCpu.ts", "ours"),
    measureInProcess("pollCpu.ts", "loop"),
  ])
  return {
    oursHeap: measureInProcess("memory.ts", "ours"),
    loopsHeap: measureInProcess("memory.ts", "loops"),
    oursPollUs: median(polls.map(([ours = 0]) => ours)),
    loopPollUs: median(polls.map(([, loop = 0]) => loop)),
    hosts: measureHostBundles(),
    clients: await measureClientPackages(),
    ...(await measureColdStart()),
  }
}

/** Runs a script of this folder in a separate process and returns the figure that it prints. */
const measureInProcess = (name: string, subject: string): number => {
  const script = fileURLToPath(new URL(name, import.meta.url))
  // Without the flag, Node may discard five megabytes of its own bytecode during the measurement.
  const flags = ["--expose-gc", "--no-flush-bytecode"]
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, subject], { encoding: "utf8" })
  const figure = Number(stdout.trim())
  if (!(figure > 0)) throw new Error(`${name} ${subject} measured nothing: ${stderr}`)
  return figure
}

export const reportCosts = (figures: CostFigures): Report => {
  const { oursHeap, loopsHeap, oursPollUs, loopPollUs, hosts, clients, bundleBytes, bareNodeMs, withCoreMs } =
    figures
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
            "CPU of one poll, immediate response",
            `${oursPollUs.toFixed(0)} us`,
            `promise loop with a fetch: ${loopPollUs.toFixed(0)} us`,
          ],
          ["start of a process", `${withCoreMs.toFixed(0)} ms`, `bare Node: ${bareNodeMs.toFixed(0)} ms`],
          ["core in one file, minified", `${(bundleBytes / 1000).toFixed(0)} kB`, ""],
          ...hosts.flatMap(({ host, bytes, withoutMs, withMs }) => [
            [`${host}: published code`, `${(bytes / 1000).toFixed(0)} kB`, ""],
            [
              `${host}: a process that loads it`,
              `${withMs.toFixed(0)} ms`,
              `only the host's own package: ${withoutMs.toFixed(0)} ms`,
            ],
          ]),
        ],
      },
      {
        title: "[M] client packages for Promises",
        columns: ["package", "import", "bundle for browsers", "with gzip", "installed", "packages"],
        rows: clients.map((client) => [
          client.name,
          `${client.importMs.toFixed(0)} ms (bare Node: ${client.bareNodeMs.toFixed(0)} ms)`,
          `${(client.bundleBytes / 1000).toFixed(0)} kB`,
          `${(client.gzipBytes / 1000).toFixed(0)} kB`,
          `${(client.installedBytes / 1000).toFixed(0)} kB`,
          `${client.packages}`,
        ]),
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
