/** Words of a dialect that this project once had, and what to write instead. */
export const bannedWords: ReadonlyArray<readonly [pattern: RegExp, advice: string]> = [
  [
    /\b(?:somebody|nobody|everybody|whoever|whomever|whosoever)\b/gi,
    "name the actor: the caller, the user, another process",
  ],
  [/\balone\b/gi, '"only", or "by itself"'],
  [/\b(?:told|tells?|telling|hears?|heard)\b/gi, '"reports", "says", "knows", "is notified"'],
  [/\bso (?:many|much|long|few)\b/gi, '"this many", "at most N", "as long as"'],
  [/\b(?:is|are|was|were) none\b/gi, `"isn't a …"`],
  [
    /\b(?:anew|thereof|therein|whence|wherein|whereupon|lest|henceforth|amid|behold|nought|aught)\b/gi,
    "modern English",
  ],
  [/\bto be had\b/gi, '"available"'],
  [/\b(?:born|kin|hearsay|standstill|underway)\b/gi, '"created", "related", "listed", "unchanged"'],
  [/\b(?:goes|go|went|going) on\b/gi, '"continues"'],
  [/\b(?:comes|came|come) of\b/gi, '"results from", "the result of"'],
  [/\b(?:of|on) (?:its|their) own accord\b/gi, '"by itself"'],
  [
    // A misspelling is quoted: "Unknown input `colour`."
    /(?<![`'"])\b(?:(?:col|behavi|fav|hon|neighb)our|grey\b|centre|catalogue|cancell(?:ed|ing)|labell(?:ed|ing)\b|(?:organ|recogn|normal|initial|serial|optim|summar|minim|maxim)is[ei])\w*(?![`'":=])/gi,
    "American spelling",
  ],
]

/** Names that read like a riddle: `priceOf`, `mostPages`. */
export const bannedNames: ReadonlyArray<readonly [pattern: RegExp, advice: string]> = [
  [/[a-z0-9]Of$/, "a function is a verb: getX, readX, toX, parseX, describeX"],
  [
    /^(?:most|least|longest|shortest|largest|smallest|enough|usual)[A-Z]/,
    "a bound is maxX, minX, or defaultX",
  ],
]

/** Names that other people's interfaces give, and the one place in which each word is right. */
export const allowedNames: ReadonlySet<string> = new Set([
  "indexOf",
  "lastIndexOf",
  "valueOf",
  "allOf",
  "anyOf",
  "oneOf",
])

/** "Where" for a place is right, and for "if" it is not; which of them it is, no pattern can see. Per 10,000 words. */
export const maxWhere = 15
