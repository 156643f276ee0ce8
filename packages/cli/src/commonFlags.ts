import { Duration, Option } from "effect"
import { Flag } from "effect/cli"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one JSON document on stdout, and nothing else there"),
  Flag.withDefault(false),
)

export const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withMetavar("DIR"),
  Flag.withDescription("Save the files in this folder; made where it is missing (default: this one)"),
  Flag.withDefault("."),
)

const units = { ms: "millis", s: "seconds", m: "minutes", min: "minutes", h: "hours" } as const

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text)

/** `90s`, `10m`, `1.5h`; not a bare number, which could be minutes to one and milliseconds to another. */
const readDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? []
  return isUnit(unit) && Number(amount) > 0
    ? Option.some(Duration.fromInputUnsafe(`${Number(amount)} ${units[unit]}`))
    : Option.none()
}

export const timeout = Flag.String("timeout").pipe(
  Flag.withMetavar("TIME"),
  Flag.withDescription("How long to wait, as 90s, 10m or 2h (default: 30m); the job goes on after it"),
  Flag.filterMap(readDuration, () => "a time with its unit, as 90s, 10m or 2h"),
  Flag.optional,
)
