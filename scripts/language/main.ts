// `check:language`: refuses words and names that CONTRIBUTING.md rules out, commit subjects that aren't imperative, and paths
// in the documents for contributors that don't exist. Prints how often the words occur.
// `node scripts/language/main.ts packages/core` looks at one folder.
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import process from "node:process"
import { findMissingPaths } from "./checkPaths.ts"
import { checkSubjects } from "./checkSubjects.ts"
import { allowedNames, bannedNames, bannedWords, maxWhere } from "./rules.ts"
import { type Piece, splitSource } from "./splitSource.ts"

const excluded =
  /(?:^|\/)(?:CHANGELOG\.md|api\.md|docs\/reference\.md|pnpm-lock\.yaml)$|^scripts\/language\/|\.generated\./

/** Source, documents, and the texts of workflows: those that GitHub runs, and the examples for n8n. */
const readable = /\.(?:[cm]?[jt]s|md|ya?ml)$|^run$|\.node\.json$|\/examples\/[^/]+\.json$|Dockerfile$/

const listFiles = (folders: ReadonlyArray<string>): ReadonlyArray<string> => {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...folders], {
    encoding: "utf8",
  })
  return listed.split("\n").filter((file) => readable.test(file) && !excluded.test(file))
}

interface Finding {
  readonly place: string
  readonly text: string
  readonly advice: string
}

const getLine = (source: string, offset: number): { readonly number: number; readonly text: string } => {
  const begin = source.lastIndexOf("\n", offset - 1) + 1
  const end = source.indexOf("\n", offset)
  return {
    number: source.slice(0, offset).split("\n").length,
    text: source.slice(begin, end === -1 ? undefined : end),
  }
}

const readPieces = (
  file: string,
  source: string,
): { prose: ReadonlyArray<Piece>; names: ReadonlyArray<Piece> } => {
  if (/\.[cm]?[jt]s$/.test(file)) return splitSource(file, source)
  return { prose: [{ text: source, start: 0 }], names: [] }
}

const bannedPlaces: Array<Finding> = []
const namePlaces: Array<Finding> = []
const wherePlaces: Array<Finding> = []
let words = 0

for (const file of listFiles(process.argv.slice(2))) {
  const source = readFileSync(file, "utf8")
  const { prose, names } = readPieces(file, source)
  for (const { text, start } of prose) {
    words += text.match(/[A-Za-z][A-Za-z'’]*/g)?.length ?? 0
    const toFinding = (index: number, what: string, advice: string): Finding => {
      const line = getLine(source, start + index)
      return { place: `${file}:${line.number}`, text: `"${what}" in: ${line.text.trim()}`, advice }
    }
    for (const [pattern, advice] of bannedWords) {
      for (const match of text.matchAll(pattern)) {
        bannedPlaces.push(toFinding(match.index, match[0], advice))
      }
    }
    for (const match of text.matchAll(/\b[wW]here\b/g)) {
      wherePlaces.push(toFinding(match.index, match[0], '"if" or "when"'))
    }
  }
  for (const { text, start } of names) {
    for (const [pattern, advice] of bannedNames) {
      if (!pattern.test(text) || allowedNames.has(text)) continue
      const place = `${file}:${getLine(source, start).number}`
      namePlaces.push({ place, text: `the name ${text}`, advice })
    }
  }
}

const perTenThousand = (count: number): string => ((count / Math.max(1, words)) * 10_000).toFixed(1)
const hasTooManyWhere = (wherePlaces.length / Math.max(1, words)) * 10_000 > maxWhere
const errors = [...bannedPlaces, ...namePlaces, ...(hasTooManyWhere ? wherePlaces : [])]
for (const { place, text, advice } of errors) {
  console.log(`${place}: ${text}\n  Use ${advice}.`)
}
console.log(
  `${words} words: ${perTenThousand(bannedPlaces.length)} ruled-out words and ${perTenThousand(wherePlaces.length)} "where" ` +
    `per 10,000 (at most 0 and ${maxWhere}); ${namePlaces.length} ruled-out names (0)`,
)
const otherIssues = [...checkSubjects(), ...findMissingPaths()]
for (const issue of otherIssues) console.log(issue)
process.exitCode = errors.length > 0 || otherIssues.length > 0 ? 1 : 0
