import { relative, resolve } from "node:path"

/** The command that resumes a job. */
export const toResumeCommand = (jobId: string, out: string | undefined): string =>
  `scenario wait ${quoteWord(jobId)}${toOutOption(out)}`

/** ` --out DIR`, relative if it is in the current folder. Empty for the current folder itself. */
export const toOutOption = (out: string | undefined): string => {
  if (out === undefined || resolve(out) === process.cwd()) return ""
  const inside = relative(process.cwd(), out)
  return ` --out ${quoteWord(inside.startsWith("..") ? out : inside)}`
}

/** Quotes a word for a shell if necessary. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
