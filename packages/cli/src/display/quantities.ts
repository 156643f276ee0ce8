/** `820 B`, `1.4 MB`: at most three digits, in units of 1000 as Scenario counts. */
export const formatBytes = (bytes: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let amount = bytes
  let unit = 0
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : 1
  return `${amount.toFixed(digits)} ${units[unit]}`
}

/** `4.2 s`, `38 s`, `2:05 min`, `1:02 h`. */
export const formatDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)}:${twoDigits(whole % 60)} min`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)} h`
}

/** `5 compute units`, `0.875 compute units`: the API's prices have fractions of 1/8. */
export const formatCost = (units: number): string =>
  `${Number(units.toFixed(3))} compute ${units === 1 ? "unit" : "units"}`

/** `1 file`, `3 files`. */
export const formatCount = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : `${noun}s`}`

const twoDigits = (number: number): string => String(number).padStart(2, "0")
