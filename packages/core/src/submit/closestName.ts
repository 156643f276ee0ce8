/** The name that was probably meant: a few letters away, or the same but for case, `_` and `-`. */
export const closestName = (given: string, names: ReadonlyArray<string>): string | undefined => {
  const wanted = plain(given)
  // Two swapped letters are two edits.
  const maxEdits = wanted.length < 3 ? 0 : Math.min(3, Math.floor((wanted.length + 1) / 3))
  let closest: { readonly name: string; readonly edits: number } | undefined
  for (const name of names) {
    const edits = editsBetween(wanted, plain(name))
    if (edits <= maxEdits && (closest === undefined || edits < closest.edits)) closest = { name, edits }
  }
  return closest?.name
}

// A name longer than this is no slip of the finger, and comparing costs its square.
const plain = (name: string): string =>
  name
    .slice(0, 60)
    .replace(/[_\-\s]/g, "")
    .toLowerCase()

/** Insertions, deletions and replacements of one letter (Levenshtein), row by row. */
const editsBetween = (a: string, b: string): number => {
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
