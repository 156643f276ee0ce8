import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { findingsOfBytes, measureBytes } from "./bytes/bytesTable.ts"
import { findingsOfCosts, measureCosts } from "./cost/costTable.ts"
import { findingsOfFleets, measureFleets } from "./fleet/fleetTable.ts"
import type { Theme } from "./pictures/Chart.ts"
import { fleetsPicture } from "./pictures/fleetsPicture.ts"
import { waitsPicture } from "./pictures/waitsPicture.ts"
import { writePicture } from "./pictures/writePicture.ts"
import { type Findings, textOf } from "./Table.ts"
import { measureValidation, tableOfValidation } from "./validate/validateTable.ts"
import { measureUnfamiliar, tablesOfUnfamiliar } from "./wait/unfamiliar.ts"
import { findingsOfWaits, measureWaits } from "./wait/waitTable.ts"
import { assumptions } from "./world/workload.ts"

interface Measured {
  readonly figures: unknown
  readonly findings: Findings
  /** By their names in the README's assets. */
  readonly pictures?: Readonly<Record<string, (theme: Theme) => string>>
}

/**
 * `./run bench [part …] [--pictures]`: prints tables and goals, and writes all figures to out/bench.json; with
 * `--pictures` also those of the README that the parts which ran have the figures for.
 */
const parts: Readonly<Record<string, () => Promise<Measured>>> = {
  wait: async () => {
    const waits = await measureWaits()
    const unfamiliar = measureUnfamiliar()
    const { tables, goals } = findingsOfWaits(waits)
    return {
      figures: { waits, unfamiliar },
      findings: { tables: [...tables, ...tablesOfUnfamiliar(unfamiliar)], goals },
      pictures: { "bench-waits": (theme) => waitsPicture(waits, theme) },
    }
  },
  fleet: async () => {
    const figures = await measureFleets()
    return {
      figures,
      findings: findingsOfFleets(figures),
      pictures: { "bench-fleets": (theme) => fleetsPicture(figures, theme) },
    }
  },
  validate: async () => {
    const figures = await measureValidation()
    return { figures, findings: { tables: [tableOfValidation(figures)], goals: [] } }
  },
  cost: async () => {
    const figures = await measureCosts()
    return { figures, findings: findingsOfCosts(figures) }
  },
  bytes: async () => {
    const figures = await measureBytes()
    return { figures, findings: findingsOfBytes(figures) }
  },
}

const card = {
  date: new Date().toISOString(),
  node: process.version,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
  assumptions,
}

const withPictures = process.argv.includes("--pictures")
const asked = process.argv.slice(2).filter((word) => word !== "--pictures")
const unknown = asked.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`there is no benchmark '${unknown[0]}'; there are ${Object.keys(parts).join(", ")}`)
  process.exit(2)
}

console.log(`${card.machine}, Node ${card.node}. [S] simulated in virtual time, [M] measured. Assumed:`)
console.log(JSON.stringify(assumptions))
const report: Record<string, unknown> = { card }
const goals: Array<Findings["goals"][number]> = []
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const begun = performance.now()
  const { figures, findings, pictures = {} } = await measure()
  report[name] = figures
  goals.push(...findings.goals)
  for (const table of findings.tables) console.log(textOf(table))
  if (withPictures) for (const [picture, draw] of Object.entries(pictures)) writePicture(picture, draw)
  console.error(`(${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s)`)
}
goals.sort((one, other) => one.number - other.number)
console.log("\nGoals")
for (const { number, text, figure, isMet } of goals) {
  console.log(`${isMet ? "met   " : "MISSED"} ${String(number).padStart(2)}  ${text}\n           ${figure}`)
}
const folder = join(process.cwd(), "out")
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, "bench.json"), `${JSON.stringify({ ...report, goals }, undefined, 1)}\n`)
process.exit(0)
