/** A date in Zapier's format, ISO 8601 with its zone; `null` if it isn't a date. */
export const toIsoDate = (date: string | undefined): string | null => {
  const time = Date.parse(date ?? "")
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
