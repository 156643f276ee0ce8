import { median } from "../statistics.ts"
import { type Findings, spread, type Table } from "../Table.ts"
import { bundleDownloaders } from "./bundleDownloaders.ts"
import { startFileServer } from "./FileServer.ts"
import { hasCurl, type Run, runOnce, type Setting, type Who } from "./runs.ts"

const names: Readonly<Record<Who, string>> = {
  curl: "curl --parallel",
  undiciStream: "undici 8.13.1 stream",
  fetchPipeline: "fetch, pipeline",
  ours: "ours (fetch, as it comes)",
  oursOverUndici: "ours over undici (Effect front)",
}

interface BytesFigures {
  readonly who: Who
  readonly setting: Setting
  /** One of each round, in the order of the rounds: those of two downloaders belong together in pairs. */
  readonly runs: ReadonlyArray<Run>
}

const wide = 125_000_000
const settings: ReadonlyArray<Setting & { readonly rounds: number; readonly only?: ReadonlyArray<Who> }> = [
  ...[4, 16].map((atOnce) => ({ fileBytes: 5_000_000, files: 120, atOnce, rounds: 6 })),
  ...[4, 16].map((atOnce) => ({
    bytesPerSecond: wide,
    fileBytes: 5_000_000,
    files: 60,
    atOnce,
    rounds: 3,
  })),
  {
    fileBytes: 100_000_000,
    files: 4,
    atOnce: 4,
    rounds: 3,
    only: ["ours", "oursOverUndici", "undiciStream"],
  },
]

/** Rounds in which each takes its turn, every other one in the opposite order: what disturbs the machine hits all alike. */
export const measureBytes = async (): Promise<ReadonlyArray<BytesFigures>> => {
  const script = await bundleDownloaders()
  const everybody: ReadonlyArray<Who> = [
    ...(hasCurl() ? (["curl"] as const) : []),
    "undiciStream",
    "fetchPipeline",
    "ours",
    "oursOverUndici",
  ]
  const figures: Array<BytesFigures> = []
  for (const { rounds, only = everybody, ...setting } of settings) {
    using server = await startFileServer(setting.bytesPerSecond)
    const runs = new Map<Who, Array<Run>>(only.map((who) => [who, []]))
    for (let round = 0; round < rounds; round++) {
      for (const who of round % 2 === 0 ? only : only.toReversed()) {
        runs.get(who)?.push(await runOnce(who, setting, server, script))
      }
    }
    figures.push(...only.map((who) => ({ who, setting, runs: runs.get(who) ?? [] })))
  }
  return figures
}

const ratios = (
  one: BytesFigures | undefined,
  other: BytesFigures | undefined,
  of: (run: Run) => number | undefined,
): ReadonlyArray<number> =>
  (one?.runs ?? []).flatMap((run, round) => {
    const against = other?.runs[round]
    const [value, base] = [of(run), against === undefined ? undefined : of(against)]
    return value === undefined || base === undefined ? [] : [value / base]
  })

const speed = (run: Run) => run.bytesPerSecond
const rss = (run: Run) => run.peakRssBytes

export const findingsOfBytes = (figures: ReadonlyArray<BytesFigures>): Findings => {
  const of = (who: Who, setting: Setting) =>
    figures.find(
      (row) =>
        row.who === who &&
        row.setting.bytesPerSecond === setting.bytesPerSecond &&
        row.setting.fileBytes === setting.fileBytes &&
        row.setting.atOnce === setting.atOnce,
    )
  const against = (row: BytesFigures, other: Who, figure: typeof rss) =>
    ratios(row, of(other, row.setting), figure)
  const shown = (values: ReadonlyArray<number>, digits: number) =>
    values.length === 0 ? "" : spread(values, digits)
  const isLarge = ({ setting }: BytesFigures) => setting.fileBytes > 5_000_000
  const table = (title: string, rows: ReadonlyArray<BytesFigures>): Table => ({
    title,
    columns: ["who", "at once", "MB/s", "x curl", "x undici.stream", "peak RSS", "x undici's"],
    rows: rows.map((row) => [
      names[row.who],
      String(row.setting.atOnce),
      shown(
        row.runs.map((run) => run.bytesPerSecond / 1e6),
        0,
      ),
      shown(against(row, "curl", speed), 2),
      shown(against(row, "undiciStream", speed), 2),
      row.who === "curl" ? "" : `${(medianRss([row], row.who) / 1e6).toFixed(0)} MB`,
      shown(against(row, "undiciStream", rss), 2),
    ]),
  })
  const small = figures.filter((row) => !isLarge(row))
  const onLoopback = small.filter((row) => row.setting.bytesPerSecond === undefined)
  const throttled = small.filter((row) => row.setting.bytesPerSecond !== undefined)
  /** The worst of the settings. */
  const least = (rows: ReadonlyArray<BytesFigures>, who: Who, other: Who) =>
    Math.min(...rows.filter((row) => row.who === who).map((row) => median(against(row, other, speed))))
  const medianRss = (rows: ReadonlyArray<BytesFigures>, who: Who) =>
    median(
      rows.filter((row) => row.who === who).flatMap((row) => row.runs.map((run) => run.peakRssBytes ?? 0)),
    )
  /** Of the medians: how much a process takes has nothing to do with what the machine did in that round. */
  const mostRss = (who: Who) =>
    Math.max(
      ...[4, 16].map((atOnce) => {
        const rows = onLoopback.filter((row) => row.setting.atOnce === atOnce)
        return medianRss(rows, who) / medianRss(rows, "undiciStream")
      }),
    )
  const growth = (who: Who) => {
    const [few, many] = [onLoopback, figures.filter(isLarge)].map((rows) =>
      medianRss(
        rows.filter((row) => row.setting.atOnce === 4),
        who,
      ),
    )
    return (many ?? 0) / (few ?? 1)
  }
  const withCurl = figures.some((row) => row.who === "curl")
  const overCurl = withCurl ? least(throttled, "ours", "curl") : Number.NaN
  const note = withCurl ? "" : "; curl is not on this machine"
  return {
    tables: [
      table(
        `[M] bytes: files of 5 MB to disk, loopback without a limit: median and spread of paired rounds (ours is one minified bundle, and takes 4 at a time whatever is asked)${note}`,
        onLoopback,
      ),
      table(`[M] bytes: the same over a link of ${wide / 1e6} MB/s in total${note}`, throttled),
      table("[M] bytes: files of 100 MB, loopback", figures.filter(isLarge)),
    ],
    goals: [
      {
        number: 9,
        text: "bytes: >= 0.95 of curl at 125 MB/s; over undici >= 0.80 of undici.stream on loopback, RSS <= 1.15 x its and independent of size",
        figure: [
          withCurl ? `${overCurl.toFixed(2)} of curl` : "no curl on this machine",
          `over undici ${least(onLoopback, "oursOverUndici", "undiciStream").toFixed(2)} of undici.stream (over fetch ${least(onLoopback, "ours", "undiciStream").toFixed(2)}, and fetch by itself ${least(onLoopback, "fetchPipeline", "undiciStream").toFixed(2)})`,
          `RSS x ${mostRss("oursOverUndici").toFixed(2)} (over fetch ${mostRss("ours").toFixed(2)}, fetch by itself ${mostRss("fetchPipeline").toFixed(2)})`,
          `with files of 100 MB instead of 5 RSS is x ${growth("oursOverUndici").toFixed(2)} (over fetch ${growth("ours").toFixed(2)}, undici.stream itself ${growth("undiciStream").toFixed(2)})`,
        ].join("; "),
        isMet:
          overCurl >= 0.95 &&
          least(onLoopback, "oursOverUndici", "undiciStream") >= 0.8 &&
          mostRss("oursOverUndici") <= 1.15 &&
          growth("oursOverUndici") <= 1.1,
      },
    ],
  }
}
