import { spawnSync } from "node:child_process"
import process from "node:process"
import { median } from "../statistics.ts"

const tries = 7

/** Median wall-clock time of Node with each of these arguments, milliseconds; they take turns, so that all suffer alike. */
export const medianStart = (
  programs: ReadonlyArray<ReadonlyArray<string>>,
  cwd = process.cwd(),
): ReadonlyArray<number> => {
  const times = programs.map((): Array<number> => [])
  for (let round = 0; round < tries; round++) {
    for (const [index, words] of programs.entries()) {
      const begun = performance.now()
      const { status, stderr } = spawnSync(process.execPath, words, { cwd, encoding: "utf8" })
      if (status !== 0) throw new Error(`a process to be timed failed: ${stderr}`)
      times[index]?.push(performance.now() - begun)
    }
  }
  return times.map(median)
}
