import { defaultWaitTimeout } from "@scenario-automation/core"
import { Duration, Option } from "effect"
import { Argument, Flag } from "effect/cli"
import { expandHome, findFolderFault } from "./outFolder.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one JSON document on stdout, and nothing else there"),
  Flag.withDefault(false),
)

/** Checked before anything is sent: a bad folder must not be found after a job was paid for. */
export const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "Save the files in this folder; created if it doesn't exist (default: the current one)",
  ),
  Flag.withDefault("."),
  Flag.map(expandHome),
  Flag.filter(
    (folder) => findFolderFault(folder) === undefined,
    (folder) => findFolderFault(folder) ?? "a folder",
  ),
)

export const baseModel = Flag.String("base-model").pipe(
  Flag.withMetavar("MODEL"),
  Flag.withDescription("The base model that runs the LoRA or composition (default: found by its fields)"),
  Flag.optional,
)

export const original = Flag.Boolean("original").pipe(
  Flag.withDescription("Save each file as it was made, without the CDN's transformation"),
  Flag.withDefault(false),
)

export const soleSubmitter = Flag.Boolean("sole-submitter").pipe(
  Flag.withDescription(
    "Nothing else submits with this key: after a lost response, take a job with the same inputs for the lost one",
  ),
  Flag.withDefault(false),
)

const units = { ms: "millis", s: "seconds", m: "minutes", min: "minutes", h: "hours" } as const

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text)

/** `90s`, `10m`, `1.5h`; not a bare number, whose unit would be a guess. */
const readDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? []
  return isUnit(unit) && Number(amount) > 0
    ? Option.some(Duration.fromInputUnsafe(`${Number(amount)} ${units[unit]}`))
    : Option.none()
}

/** The limit of a whole run. Without it only the wait has one, which is the library's. */
export const runTimeout = (jobs: "the job keeps" | "the jobs keep") =>
  timeout(
    `Limit the whole run, as 90s, 10m or 2h; after it, ${jobs} running (default: only the wait, ${Duration.format(defaultWaitTimeout)})`,
  )

export const timeout = (description: string) =>
  Flag.String("timeout").pipe(
    Flag.withMetavar("TIME"),
    Flag.withDescription(description),
    Flag.filterMap(readDuration, () => "a time with its unit, as 90s, 10m or 2h"),
    Flag.optional,
  )

export const limit = (description: string, defaultCount: number) =>
  Flag.Int("limit").pipe(
    Flag.withMetavar("COUNT"),
    Flag.withDescription(`${description} (default: ${defaultCount})`),
    Flag.filter(
      (count) => count >= 1,
      () => "a whole number, 1 or more",
    ),
    Flag.withDefault(defaultCount),
  )

/** An ID as another program has printed it: `job_1\r` or with blanks around it. */
export const id = (name: string) =>
  Argument.String(name).pipe(
    Argument.map((typed) => typed.trim()),
    Argument.filter(
      (typed) => typed !== "",
      () => "an ID",
    ),
  )

/** One ID or more. No ID holds white space, so a whole list in one word is taken apart. */
export const ids = (name: string, description: string) =>
  Argument.String(name).pipe(
    Argument.withDescription(description),
    Argument.variadic({ min: 1 }),
    Argument.map((typed) => [
      ...new Set(typed.flatMap((word) => word.split(/\s+/).filter((id) => id !== ""))),
    ]),
    Argument.filter(
      (ids) => ids.length > 0,
      () => "an ID",
    ),
  )
