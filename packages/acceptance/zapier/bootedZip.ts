import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"

/** The report of one boot of the app. Milliseconds, megabytes. */
export interface BootReport {
  readonly node: string
  readonly importMs: number
  readonly callMs: number
  readonly rssMb: number
  readonly answer: unknown
}

/** Before the report, among what Zapier's core prints of itself. */
export const reportMark = "@boot@"

/** Runs one event through the unpacked zip in `folder`, on that Node, in a process of its own. */
export const boot = async (node: string, folder: string, event: object): Promise<BootReport> => {
  const script = join(import.meta.dirname, "boot.ts")
  const { stdout } = await promisify(execFile)(node, [script, JSON.stringify(event)], { cwd: folder })
  const line = stdout.split("\n").find((one) => one.startsWith(reportMark))
  if (line === undefined) throw new Error(`The app did not report:\n${stdout}`)
  return JSON.parse(line.slice(reportMark.length))
}
