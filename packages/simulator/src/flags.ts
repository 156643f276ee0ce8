import { parseArgs } from "node:util"
import type { SimulatorOptions } from "./SimulatorSettings.ts"

export const simulatorUsage = `Runs Scenario's API and CDN on this machine.

  --port <number>                 port of the API (default 4010; 0 chooses a free one)
  --cdn-port <number>             port of the CDN (default 4011; 0 chooses a free one)
  --host <address>                address to listen on (default 127.0.0.1)
  --seed <number>                 decides IDs, durations, prices, and pictures (default 1)
  --speed <number>                simulated seconds per real second (default 1)
  --clock real|stepped            a stepped clock moves only by POST /_simulator/advance (default real)
  --job-duration-ms <number>      how long each generation takes; 0 finishes it at once (default: random, by its kind)
  --requests-per-minute <number>  further requests get 429 (default: no limit)
  --concurrency-limit <number>    jobs that run at once (default: no limit)
  --parallel-custom-jobs <number> jobs of models that run at once (default: no limit)
  --parallel-workflows <number>   workflows that run at once (default 10)
  --link-ttl-ms <number>          how long a link to the CDN is valid (default 86400000)
  --pictures painted|plain        plain pictures have a single color, for many results at once (default painted)
  --no-strict                     ignores unknown members of a body instead of refusing them
  --no-own-models                 gives the account no models of its own
  --help`

export type Flags =
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "options"; readonly options: SimulatorOptions }

const numbers = {
  port: { min: 0, max: 65535 },
  "cdn-port": { min: 0, max: 65535 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  speed: { min: 0.001, max: 100_000 },
  "job-duration-ms": { min: 0, max: Number.MAX_SAFE_INTEGER },
  "requests-per-minute": { min: 1, max: Number.MAX_SAFE_INTEGER },
  "concurrency-limit": { min: 1, max: Number.MAX_SAFE_INTEGER },
  "parallel-custom-jobs": { min: 1, max: Number.MAX_SAFE_INTEGER },
  "parallel-workflows": { min: 1, max: Number.MAX_SAFE_INTEGER },
  "link-ttl-ms": { min: 1, max: Number.MAX_SAFE_INTEGER },
} as const

type NumberFlag = keyof typeof numbers

/** Reads the flags of a command line, or what is wrong with them. A flag is named as its option: `--cdn-port` for `cdnPort`. */
export const parseFlags = (args: ReadonlyArray<string>): Flags => {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        port: { type: "string" },
        "cdn-port": { type: "string" },
        host: { type: "string" },
        seed: { type: "string" },
        speed: { type: "string" },
        clock: { type: "string" },
        "job-duration-ms": { type: "string" },
        "requests-per-minute": { type: "string" },
        "concurrency-limit": { type: "string" },
        "parallel-custom-jobs": { type: "string" },
        "parallel-workflows": { type: "string" },
        "link-ttl-ms": { type: "string" },
        pictures: { type: "string" },
        strict: { type: "boolean" },
        "own-models": { type: "boolean" },
        help: { type: "boolean" },
      },
    })
    if (values.help === true) return { kind: "help" }
    const number = (name: NumberFlag): number | undefined => parseNumber(name, values[name])
    return {
      kind: "options",
      options: {
        port: number("port") ?? 4010,
        cdnPort: number("cdn-port") ?? 4011,
        host: values.host,
        seed: number("seed"),
        speed: number("speed"),
        clock: parseChoice("clock", values.clock, ["real", "stepped"]),
        jobDurationMs: number("job-duration-ms"),
        requestsPerMinute: number("requests-per-minute"),
        concurrencyLimit: number("concurrency-limit"),
        parallelCustomJobs: number("parallel-custom-jobs"),
        parallelWorkflows: number("parallel-workflows"),
        linkTtlMs: number("link-ttl-ms"),
        pictures: parseChoice("pictures", values.pictures, ["painted", "plain"]),
        strict: values.strict,
        ownModels: values["own-models"],
      },
    }
  } catch (error) {
    return {
      kind: "problem",
      problem: error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error),
    }
  }
}

const parseNumber = (name: NumberFlag, value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  const { min, max } = numbers[name]
  const number = Number(value)
  if (value.trim() === "" || !(number >= min && number <= max)) {
    throw new Error(
      `--${name} takes a number${max === Number.MAX_SAFE_INTEGER ? ` of ${min} or more` : ` from ${min} to ${max}`}, not "${value}".`,
    )
  }
  return number
}

const parseChoice = <Choice extends string>(
  name: string,
  value: string | undefined,
  choices: ReadonlyArray<Choice>,
): Choice | undefined => {
  const choice = choices.find((one) => one === value)
  if (choice === undefined && value !== undefined) {
    throw new Error(`--${name} takes ${choices.join(" or ")}, not "${value}".`)
  }
  return choice
}
