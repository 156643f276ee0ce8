import { describe, expect, it } from "vitest"
import { parseFlags, simulatorUsage } from "./flags.ts"
import { readSettings } from "./SimulatorSettings.ts"

describe("the simulator's flags", () => {
  it("are its options in kebab case", () => {
    const flags = [...simulatorUsage.matchAll(/^ {2}--(?:no-)?([\w-]+)/gm)].map(([, flag]) => flag)
    const options = Object.keys(readSettings({})).map((name) =>
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    )
    // The key and the project are the same for everyone, and medians are for tests.
    const withoutFlag = new Set(["api-key", "api-secret", "project-id", "median-durations-ms"])
    const expected = options.filter((option) => !withoutFlag.has(option))
    expect(new Set(flags)).toEqual(new Set([...expected, "help"]))
  })

  it("set the options of the same names", () => {
    const args = ["--job-duration-ms", "0", "--clock", "stepped", "--no-strict", "--no-own-models"]
    expect(parseFlags(args)).toMatchObject({
      kind: "options",
      options: { jobDurationMs: 0, clock: "stepped", strict: false, ownModels: false },
    })
  })

  it.each([
    [["--speeed", "2"], "Unknown option '--speeed'"],
    [["--speed", "fast"], '--speed takes a number from 0.001 to 100000, not "fast".'],
    [["--clock", "slow"], '--clock takes real or stepped, not "slow".'],
  ])("%j are refused", (args, problem) => {
    expect(parseFlags(args)).toMatchObject({ kind: "problem", problem: expect.stringContaining(problem) })
  })
})

it("an unknown option is refused with the names of all options", () => {
  const options = Object.assign({ speed: 2 }, { requestPerMinute: 5 })
  expect(() => readSettings(options)).toThrow(/no option "requestPerMinute".*requestsPerMinute/)
})
