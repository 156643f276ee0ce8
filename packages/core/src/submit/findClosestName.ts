/** Finds the name that was probably meant: with few other letters, or the same except for case, `_`, and `-`. */
export const findClosestName = (given: string, names: ReadonlyArray<string>): string | undefined => {
  const wanted = normalize(given)
  // Two swapped letters count as two edits.
  const maxEdits = wanted.length < 3 ? 0 : Math.min(3, Math.floor((wanted.length + 1) / 3))
  let closest: { readonly name: string; readonly edits: number } | undefined
  for (const name of names) {
    const edits = countEdits(wanted, normalize(name))
    if (edits <= maxEdits && (closest === undefined || edits < closest.edits)) closest = { name, edits }
  }
  return closest?.name
}

/** Long names are cut, because the time of a comparison grows with the square of the length. */
const normalize = (name: string): string =>
  name
    .slice(0, 60)
    .replace(/[_\-\s]/g, "")
    .toLowerCase()

/** The Levenshtein distance. */
const countEdits = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
