import { type Report, seconds } from "../Table.ts"
import { type Contender, clusteredRelay, embeddedRelay, pgBoss } from "./contenders.ts"
import { type ContenderFigures, measureContender } from "./measureContender.ts"
import { type Outside, startOutside } from "./Outside.ts"

interface RelayFigures {
  readonly embedded: ContenderFigures
  readonly clustered: ContenderFigures | string
  readonly pgBoss: ContenderFigures | string
}

export const measureRelay = async (): Promise<RelayFigures> => ({
  embedded: await measure(embeddedRelay),
  clustered: await measureIfPossible(clusteredRelay),
  pgBoss: await measureIfPossible(pgBoss),
})

const measure = async (make: (outside: Outside) => Contender): Promise<ContenderFigures> => {
  await using outside = await startOutside()
  await using contender = make(outside)
  return await measureContender(contender, outside)
}

const measureIfPossible = async (
  make: (outside: Outside) => Promise<Contender | string>,
): Promise<ContenderFigures | string> => {
  await using outside = await startOutside()
  const made = await make(outside)
  if (typeof made === "string") return made
  await using contender = made
  return await measureContender(contender, outside)
}

interface Column {
  readonly title: string
  readonly get: (figures: ContenderFigures) => number | undefined
  readonly format: (value: number) => string
}

const rows: ReadonlyArray<Column> = [
  {
    title: "waits accepted per second, 64 clients",
    get: (one) => one.waitsPerSecond,
    format: (value) => value.toFixed(0),
  },
  { title: "job end to callback, p50, s", get: (one) => one.p50Ms, format: seconds },
  { title: "job end to callback, p99, s", get: (one) => one.p99Ms, format: seconds },
  {
    title: "API requests per wait",
    get: (one) => one.apiRequestsPerWait,
    format: (value) => value.toFixed(1),
  },
  { title: "kill -9 to the last callback, s", get: (one) => one.killedMs, format: seconds },
  { title: "SIGSTOP to the last callback, s", get: (one) => one.frozenMs, format: seconds },
  {
    title: "peak RSS of one process, MB",
    get: (one) => one.peakRss,
    format: (value) => (value / 1e6).toFixed(0),
  },
  { title: "rows per wait", get: (one) => one.rowsPerWait, format: (value) => value.toFixed(1) },
  {
    title: "bytes per wait in the database",
    get: (one) => one.bytesPerWait,
    format: (value) => value.toFixed(0),
  },
  {
    title: "callbacks sent again after a kill or freeze",
    get: (one) => one.repeats,
    format: (value) => value.toFixed(0),
  },
]

export const reportRelay = ({ embedded, clustered, pgBoss }: RelayFigures): Report => {
  const peer = typeof pgBoss === "string" ? undefined : pgBoss
  const show = (figures: ContenderFigures | string, { get, format }: Column): ReadonlyArray<string> => {
    const value = typeof figures === "string" ? undefined : get(figures)
    const base = peer === undefined ? undefined : get(peer)
    return [
      value === undefined ? "" : format(value),
      value === undefined || !base ? "" : (value / base).toFixed(2),
    ]
  }
  const missing = typeof clustered === "string" ? ` ${clustered}` : ""
  return {
    tables: [
      {
        title:
          "[M] relay: 12 accounts; 600 waits whose jobs take 5 to 25 s; a process is killed or frozen when the jobs of 120 waits end",
        columns: [
          "what",
          "embedded (SQLite)",
          "x pg-boss",
          "3 runners (PostgreSQL)",
          "x pg-boss",
          "pg-boss, 3 processes",
        ],
        rows: rows.map((row) => [
          row.title,
          ...show(embedded, row),
          ...show(clustered, row),
          show(pgBoss, row)[0] ?? "",
        ]),
        note: `pg-boss: a job per wait that polls every 3 s, without a limit of the API; jobs that a dead process has in hand expire after 15 s, and any process takes the others. The embedded relay is started again after the kill.${missing}`,
      },
    ],
    goals:
      typeof clustered === "string"
        ? []
        : [
            {
              number: 11,
              text: "relay, 3 runners: hand-over <= 10 s after kill -9 and <= 12 s frozen",
              figure: `${seconds(clustered.killedMs)} s, ${seconds(clustered.frozenMs ?? 0)} s, to the last callback`,
              isMet: clustered.killedMs <= 10_000 && (clustered.frozenMs ?? 0) <= 12_000,
            },
          ],
  }
}
