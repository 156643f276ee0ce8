// Formats don't depend on the locale or time zone of the machine.

const groupDigits = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, "\u202F")

const round = (value: number, decimals: number) => {
  const [whole = "0", fraction = ""] = value.toFixed(decimals).split(".")
  const kept = fraction.replace(/0+$/, "")
  return kept === "" ? groupDigits(whole) : `${groupDigits(whole)}.${kept}`
}

/** `1 file`, `2 files`, `12 345 files`. */
export const formatCount = (value: number, noun: string): string =>
  `${round(value, 2)} ${noun}${value === 1 ? "" : "s"}`

/** `12 345.5`. */
export const formatAmount = (value: number): string => round(value, 2)

/** `731 B`, `1.4 MB`: units of 1000. */
export const formatBytes = (value: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let scaled = value
  let unit = 0
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  return `${round(scaled, unit === 0 || scaled >= 100 ? 0 : 1)} ${units[unit] ?? "B"}`
}

/** `840 ms`, `9.3 s`, `2 min 5 s`, `1 h 2 min`. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${round(milliseconds / 1000, 1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return formatPair(seconds, 60, "min", "s")
  return formatPair(Math.round(seconds / 60), 60, "h", "min")
}

const formatPair = (total: number, base: number, large: string, small: string): string => {
  const rest = total % base
  return `${Math.floor(total / base)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`
}

/** `24 November 2026, 11:42 UTC`. An invalid date is returned unchanged. */
export const formatMoment = (iso: string): string => {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  const date = new Date(time)
  const twoDigits = (value: number) => String(value).padStart(2, "0")
  const clock = `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}, ${clock} UTC`
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]
