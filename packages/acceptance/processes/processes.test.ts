import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"

const repository = join(import.meta.dirname, "../../..")

/** A test that hangs while a shell and the shell's own child run, and one that passes after it. */
const hangingTest = `
import { spawn } from "node:child_process"
import { it } from "vitest"

it("hangs", async () => {
  spawn("sh", ["-c", "echo $$ >> pids; sleep 300 & echo $! >> pids; wait"])
  await new Promise(() => {})
}, 2_000)
`

const config = `
import { mergeConfig } from "vitest/config"
import shared from ${JSON.stringify(join(repository, "vitest.shared.ts"))}

export default mergeConfig(shared, { test: { include: ["*.test.ts"], reporters: ["dot"], retry: 0 } })
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "processes-"))
  symlinkSync(join(import.meta.dirname, "../node_modules"), join(folder, "node_modules"))
  writeFileSync(join(folder, "hanging.test.ts"), hangingTest)
  writeFileSync(join(folder, "vitest.config.ts"), config)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // A process that ended stays listed until its parent asks for it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
  } catch {
    return false
  }
}

it("a test that times out leaves none of its processes behind", async () => {
  // A second try of this test starts afresh too.
  rmSync(join(folder, "pids"), { force: true })
  const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs")
  const child = spawn(process.execPath, [vitest, "run"], { cwd: folder, stdio: "ignore" })
  const [exitCode]: Array<number> = await once(child, "close")
  expect(exitCode).toBe(1)
  const pids = readFileSync(join(folder, "pids"), "utf8").trim().split("\n").map(Number)
  expect(pids).toHaveLength(2)
  expect(pids.filter(isRunning)).toEqual([])
})
