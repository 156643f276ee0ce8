import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { reportBytes, measureBytes } from "./bytes/bytesTable.ts"
import { reportCosts, measureCosts } from "./cost/costTable.ts"
import { reportFleets, measureFleets } from "./fleet/fleetTable.ts"
import type { Theme } from "./pictures/Chart.ts"
import { drawFleets } from "./pictures/drawFleets.ts"
import { drawWaits } from "./pictures/drawWaits.ts"
import { writePicture } from "./pictures/writePicture.ts"
import { measureRelay, reportRelay } from "./relay/relayTable.ts"
import { type Report, formatTable } from "./Table.ts"
import { measureValidation, tabulateValidation } from "./validate/validateTable.ts"
import { measureUnfamiliar, tabulateUnfamiliar } from "./wait/unfamiliar.ts"
import { reportWaits, measureWaits } from "./wait/waitTable.ts"
import { assumptions } from "./world/workload.ts"

interface Measured {
  readonly figures: unknown
  readonly report: Report
  /** By file name in docs/images. */
  readonly pictures?: Readonly<Record<string, (theme: Theme) => string>>
}

/**
 * `./run bench [part …] [--pictures]`: prints tables and goals, and writes all figures to out/bench.json.
 * `--pictures` also redraws the README's charts of the selected parts.
 */
const parts: Readonly<Record<string, () => Promise<Measured>>> = {
  wait: async () => {
    const waits = await measureWaits()
    const unfamiliar = measureUnfamiliar()
    const { tables, goals } = reportWaits(waits)
    return {
      figures: { waits, unfamiliar },
      report: { tables: [...tables, ...tabulateUnfamiliar(unfamiliar)], goals },
      pictures: { "bench-waits": (theme) => drawWaits(waits, theme) },
    }
  },
  fleet: async () => {
    const figures = await measureFleets()
    return {
      figures,
      report: reportFleets(figures),
      pictures: { "bench-fleets": (theme) => drawFleets(figures, theme) },
    }
  },
  validate: async () => {
    const figures = await measureValidation()
    return { figures, report: { tables: [tabulateValidation(figures)], goals: [] } }
  },
  cost: async () => {
    const figures = await measureCosts()
    return { figures, report: reportCosts(figures) }
  },
  bytes: async () => {
    const figures = await measureBytes()
    return { figures, report: reportBytes(figures) }
  },
  relay: async () => {
    const figures = await measureRelay()
    return { figures, report: reportRelay(figures) }
  },
}

const environment = {
  date: new Date().toISOString(),
  node: process.version,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
  assumptions,
}

const withPictures = process.argv.includes("--pictures")
const selected = process.argv.slice(2).filter((word) => word !== "--pictures")
const unknown = selected.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`unknown benchmark '${unknown[0]}'; expected one of ${Object.keys(parts).join(", ")}`)
  process.exit(2)
}

console.log(
  `${environment.machine}, Node ${environment.node}. [S] simulated in virtual time, [M] measured. Assumed:`,
)
console.log(JSON.stringify(assumptions))
const results: Record<string, unknown> = { environment }
const goals: Array<Report["goals"][number]> = []
for (const [name, measure] of Object.entries(parts)) {
  if (selected.length > 0 && !selected.includes(name)) continue
  const startedAt = performance.now()
  const { figures, report, pictures = {} } = await measure()
  results[name] = figures
  goals.push(...report.goals)
  for (const table of report.tables) console.log(formatTable(table))
  if (withPictures) for (const [picture, draw] of Object.entries(pictures)) writePicture(picture, draw)
  console.error(`(${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s)`)
}
goals.sort((one, other) => one.number - other.number)
console.log("\nGoals")
for (const { number, text, figure, isMet } of goals) {
  console.log(`${isMet ? "met   " : "MISSED"} ${String(number).padStart(2)}  ${text}\n           ${figure}`)
}
const folder = join(process.cwd(), "out")
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, "bench.json"), `${JSON.stringify({ ...results, goals }, undefined, 1)}\n`)
process.exit(0)
