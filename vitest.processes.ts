import { type ChildProcess, execFileSync } from "node:child_process"
import { subscribe } from "node:diagnostics_channel"
import process from "node:process"
import { afterAll } from "vitest"

/**
 * Ends every process that a test file started, with its descendants, once the file is done: a test that times out never
 * reaches its own cleanup. Runs in each worker, before the tests.
 */

const started = new Set<ChildProcess>()

const isStart = (message: unknown): message is { readonly process: ChildProcess } =>
  typeof message === "object" && message !== null && "process" in message

// Node announces every process here, no matter which function of `node:child_process` started it.
subscribe("child_process", (message) => {
  if (!isStart(message)) return
  const child = message.process
  started.add(child)
  child.once("exit", () => started.delete(child))
})

const endProcesses = (): void => {
  const running = [...started].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  if (running.length === 0) return
  for (const pid of withDescendants(running)) {
    try {
      process.kill(pid, "SIGKILL")
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** The processes and everything below them; only the processes if `ps` is unavailable. */
const withDescendants = (pids: ReadonlyArray<number>): ReadonlySet<number> => {
  const found = new Set(pids)
  // Adding while iterating: what is added is visited too.
  const rows = listProcesses()
  for (const parent of found) {
    for (const [pid, ppid] of rows) if (ppid === parent) found.add(pid)
  }
  return found
}

const listProcesses = (): ReadonlyArray<readonly [pid: number, parent: number]> => {
  try {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="]).toString().trim().split("\n")
    return rows.map((row) => {
      const [pid = 0, parent = 0] = row.trim().split(/\s+/).map(Number)
      return [pid, parent]
    })
  } catch {
    return []
  }
}

afterAll(endProcesses)
process.once("exit", endProcesses)
