import { median } from "../statistics.ts"
import { type Report, spread, type Table } from "../Table.ts"
import { bundleDownloaders } from "./bundleDownloaders.ts"
import { startFileServer } from "./FileServer.ts"
import { hasCurl, type Run, runOnce, type Setting, type Downloader } from "./runs.ts"

const names: Readonly<Record<Downloader, string>> = {
  curl: "curl --parallel",
  undiciStream: "undici 8.13.1 stream",
  fetchPipeline: "fetch, pipeline",
  ours: "ours (fetch, the default)",
  oursOverUndici: "ours over undici (Effect front)",
}

interface BytesFigures {
  readonly downloader: Downloader
  readonly setting: Setting
  /** One for each round, in order: runs of two downloaders are compared in pairs. */
  readonly runs: ReadonlyArray<Run>
}

const wide = 125_000_000
const settings: ReadonlyArray<
  Setting & { readonly rounds: number; readonly only?: ReadonlyArray<Downloader> }
> = [
  ...[4, 16].map((concurrency) => ({ fileBytes: 5_000_000, files: 120, concurrency, rounds: 6 })),
  ...[4, 16].map((concurrency) => ({
    bytesPerSecond: wide,
    fileBytes: 5_000_000,
    files: 60,
    concurrency,
    rounds: 3,
  })),
  {
    fileBytes: 100_000_000,
    files: 4,
    concurrency: 4,
    rounds: 3,
    only: ["ours", "oursOverUndici", "undiciStream"],
  },
]

/** Runs all downloaders in each round, every other round in reverse order, so that other load affects all alike. */
export const measureBytes = async (): Promise<ReadonlyArray<BytesFigures>> => {
  const script = await bundleDownloaders()
  const downloaders: ReadonlyArray<Downloader> = [
    ...(hasCurl() ? (["curl"] as const) : []),
    "undiciStream",
    "fetchPipeline",
    "ours",
    "oursOverUndici",
  ]
  const figures: Array<BytesFigures> = []
  for (const { rounds, only = downloaders, ...setting } of settings) {
    using server = await startFileServer(setting.bytesPerSecond)
    const runs = new Map<Downloader, Array<Run>>(only.map((downloader) => [downloader, []]))
    for (let round = 0; round < rounds; round++) {
      for (const downloader of round % 2 === 0 ? only : only.toReversed()) {
        runs.get(downloader)?.push(await runOnce(downloader, setting, server, script))
      }
    }
    figures.push(...only.map((downloader) => ({ downloader, setting, runs: runs.get(downloader) ?? [] })))
  }
  return figures
}

const computeRatios = (
  one: BytesFigures | undefined,
  other: BytesFigures | undefined,
  of: (run: Run) => number | undefined,
): ReadonlyArray<number> =>
  (one?.runs ?? []).flatMap((run, round) => {
    const against = other?.runs[round]
    const [value, base] = [of(run), against === undefined ? undefined : of(against)]
    return value === undefined || base === undefined ? [] : [value / base]
  })

const getSpeed = (run: Run) => run.bytesPerSecond
const getRss = (run: Run) => run.peakRssBytes

export const reportBytes = (figures: ReadonlyArray<BytesFigures>): Report => {
  const find = (downloader: Downloader, setting: Setting) =>
    figures.find(
      (row) =>
        row.downloader === downloader &&
        row.setting.bytesPerSecond === setting.bytesPerSecond &&
        row.setting.fileBytes === setting.fileBytes &&
        row.setting.concurrency === setting.concurrency,
    )
  const compare = (row: BytesFigures, other: Downloader, figure: typeof getRss) =>
    computeRatios(row, find(other, row.setting), figure)
  const show = (values: ReadonlyArray<number>, digits: number) =>
    values.length === 0 ? "" : spread(values, digits)
  const isLarge = ({ setting }: BytesFigures) => setting.fileBytes > 5_000_000
  const createTable = (title: string, rows: ReadonlyArray<BytesFigures>): Table => ({
    title,
    columns: ["downloader", "concurrency", "MB/s", "x curl", "x undici.stream", "peak RSS", "x undici's"],
    rows: rows.map((row) => [
      names[row.downloader],
      String(row.setting.concurrency),
      show(
        row.runs.map((run) => run.bytesPerSecond / 1e6),
        0,
      ),
      show(compare(row, "curl", getSpeed), 2),
      show(compare(row, "undiciStream", getSpeed), 2),
      row.downloader === "curl" ? "" : `${(computeMedianRss([row], row.downloader) / 1e6).toFixed(0)} MB`,
      show(compare(row, "undiciStream", getRss), 2),
    ]),
  })
  const small = figures.filter((row) => !isLarge(row))
  const onLoopback = small.filter((row) => row.setting.bytesPerSecond === undefined)
  const throttled = small.filter((row) => row.setting.bytesPerSecond !== undefined)
  /** The median of the worst setting. */
  const minSpeedRatio = (rows: ReadonlyArray<BytesFigures>, downloader: Downloader, other: Downloader) =>
    Math.min(
      ...rows
        .filter((row) => row.downloader === downloader)
        .map((row) => median(compare(row, other, getSpeed))),
    )
  const computeMedianRss = (rows: ReadonlyArray<BytesFigures>, downloader: Downloader) =>
    median(
      rows
        .filter((row) => row.downloader === downloader)
        .flatMap((row) => row.runs.map((run) => run.peakRssBytes ?? 0)),
    )
  /** A ratio of medians, not of pairs: memory doesn't depend on the load of the machine in a round. */
  const maxRssRatio = (downloader: Downloader) =>
    Math.max(
      ...[4, 16].map((concurrency) => {
        const rows = onLoopback.filter((row) => row.setting.concurrency === concurrency)
        return computeMedianRss(rows, downloader) / computeMedianRss(rows, "undiciStream")
      }),
    )
  const computeGrowth = (downloader: Downloader) => {
    const [few, many] = [onLoopback, figures.filter(isLarge)].map((rows) =>
      computeMedianRss(
        rows.filter((row) => row.setting.concurrency === 4),
        downloader,
      ),
    )
    return (many ?? 0) / (few ?? 1)
  }
  const withCurl = figures.some((row) => row.downloader === "curl")
  const overCurl = withCurl ? minSpeedRatio(throttled, "ours", "curl") : Number.NaN
  const note = withCurl ? "" : "; curl is not installed"
  return {
    tables: [
      createTable(
        `[M] bytes: files of 5 MB to disk, loopback without a limit: median and range of paired rounds (ours is one minified bundle and always uses a concurrency of 4)${note}`,
        onLoopback,
      ),
      createTable(`[M] bytes: the same over a link of ${wide / 1e6} MB/s in total${note}`, throttled),
      createTable("[M] bytes: files of 100 MB, loopback", figures.filter(isLarge)),
    ],
    goals: [
      {
        number: 9,
        text: "bytes: >= 0.95 of curl at 125 MB/s; over undici >= 0.80 of undici.stream on loopback, RSS <= 1.15 x its and independent of size",
        figure: [
          withCurl ? `${overCurl.toFixed(2)} of curl` : "curl is not installed",
          `over undici ${minSpeedRatio(onLoopback, "oursOverUndici", "undiciStream").toFixed(2)} of undici.stream (over fetch ${minSpeedRatio(onLoopback, "ours", "undiciStream").toFixed(2)}, and fetch by itself ${minSpeedRatio(onLoopback, "fetchPipeline", "undiciStream").toFixed(2)})`,
          `RSS x ${maxRssRatio("oursOverUndici").toFixed(2)} (over fetch ${maxRssRatio("ours").toFixed(2)}, fetch by itself ${maxRssRatio("fetchPipeline").toFixed(2)})`,
          `with files of 100 MB instead of 5 RSS is x ${computeGrowth("oursOverUndici").toFixed(2)} (over fetch ${computeGrowth("ours").toFixed(2)}, undici.stream itself ${computeGrowth("undiciStream").toFixed(2)})`,
        ].join("; "),
        isMet:
          overCurl >= 0.95 &&
          minSpeedRatio(onLoopback, "oursOverUndici", "undiciStream") >= 0.8 &&
          maxRssRatio("oursOverUndici") <= 1.15 &&
          computeGrowth("oursOverUndici") <= 1.1,
      },
    ],
  }
}
