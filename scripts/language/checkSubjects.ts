import { execFileSync } from "node:child_process"

/** The last commit before subjects were checked. */
const before = "673fdf56823528acf1ac9cf4722e8bad2d873f0b"

const maxLength = 72

/** `core, cli: retry a read after a 502`: packages, then a verb that isn't in the past, in the third person, or a gerund. */
const shape = /^[a-z0-9-]+(?:, [a-z0-9-]+)*: (?<verb>[a-z]+)\b/
const notImperative = /(?:ed|ing|[^su]s)$/
const imperativeAnyway: ReadonlySet<string> = new Set([
  "embed",
  "feed",
  "need",
  "seed",
  "speed",
  "bring",
  "ring",
  "alias",
])

/** What is wrong with a commit's subject, as a sentence; `undefined` if nothing is. */
const findSubjectIssue = (subject: string): string | undefined => {
  if (subject.length > maxLength) return `has ${subject.length} characters; write at most ${maxLength}`
  const verb = shape.exec(subject)?.groups?.["verb"]
  if (verb === undefined) return "has no package or no verb; write it as `core: retry a read after a 502`"
  const isImperative = imperativeAnyway.has(verb) || !notImperative.test(verb)
  return isImperative ? undefined : `begins with "${verb}"; write an imperative`
}

/** Issues of the commits since subjects are checked. Nothing is checked in a copy without that history. */
export const checkSubjects = (): ReadonlyArray<string> => {
  const git = (...args: ReadonlyArray<string>) =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
  let log: string
  try {
    log = git("log", "--no-merges", "--format=%h %s", `${before}..HEAD`)
  } catch {
    return []
  }
  return log.split("\n").flatMap((line) => {
    const [, hash, subject] = /^(\S+) (.*)$/.exec(line) ?? []
    const issue = subject === undefined ? undefined : findSubjectIssue(subject)
    return issue === undefined ? [] : [`commit ${hash}: the subject "${subject}" ${issue}.`]
  })
}
