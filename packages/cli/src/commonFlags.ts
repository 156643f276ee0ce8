import { defaultWaitTimeout } from "@scenario-automation/core/host"
import { Duration, Option } from "effect"
import { Argument, Flag } from "effect/cli"
import { expandHome, findFolderFault } from "./outFolder.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the result as one JSON document"),
  Flag.withDefault(false),
)

/** Checked before anything is sent, so that no paid job fails because of it. */
export const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "Save the files in this folder, which is created if needed (default: the current folder)",
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
  Flag.withDescription("The base model that runs the LoRA or composition (default: chosen automatically)"),
  Flag.optional,
)

export const original = Flag.Boolean("original").pipe(
  Flag.withDescription("Save the original files, without the CDN's transformation"),
  Flag.withDefault(false),
)

export const soleSubmitter = Flag.Boolean("sole-submitter").pipe(
  Flag.withDescription(
    "Declare that nothing else submits with this key, so that after a lost response a job with the same inputs is resumed",
  ),
  Flag.withDefault(false),
)

const units = { ms: "millis", s: "seconds", m: "minutes", min: "minutes", h: "hours" } as const

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text)

/** `90s`, `10m`, `1.5h`. A number without a unit is refused. */
const readDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? []
  return isUnit(unit) && Number(amount) > 0
    ? Option.some(Duration.fromInputUnsafe(`${Number(amount)} ${units[unit]}`))
    : Option.none()
}

/** The limit of a whole run. By default only the wait is limited. */
export const runTimeout = (jobs: "the job keeps" | "the jobs keep") =>
  timeout(
    `Stop after this time, such as 90s, 10m, or 2h; ${jobs} running (default: ${Duration.format(defaultWaitTimeout)} of waiting)`,
  )

export const timeout = (description: string) =>
  Flag.String("timeout").pipe(
    Flag.withMetavar("TIME"),
    Flag.withDescription(description),
    Flag.filterMap(readDuration, () => "a time with a unit, such as 90s, 10m, or 2h"),
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

/** An ID, also with the blanks or line breaks that other programs print around it. */
export const id = (name: string, description: string) =>
  Argument.String(name).pipe(
    Argument.withDescription(description),
    Argument.map((typed) => typed.trim()),
    Argument.filter(
      (typed) => typed !== "",
      () => "an ID",
    ),
  )

/** One or more IDs. A word can contain several, because no ID contains white space. */
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
