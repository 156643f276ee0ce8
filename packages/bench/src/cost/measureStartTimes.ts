import { spawnSync } from "node:child_process"
import process from "node:process"

const rounds = 15

/**
 * Wall-clock milliseconds of Node with each argument list: the shortest of the rounds, which the machine has disturbed least.
 * They take turns, so that other load affects all alike.
 */
export const measureStartTimes = (
  programs: ReadonlyArray<ReadonlyArray<string>>,
  cwd = process.cwd(),
): ReadonlyArray<number> => {
  const times = programs.map((): Array<number> => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, args] of programs.entries()) {
      const begun = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" })
      if (status !== 0) throw new Error(`a process to be timed failed: ${stderr}`)
      times[index]?.push(performance.now() - begun)
    }
  }
  return times.map((all) => Math.min(...all))
}
