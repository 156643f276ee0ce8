import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer } from "node:net"
import process from "node:process"
import { fileURLToPath } from "node:url"

/** A program under measurement, in a process of its own. */
export interface Program {
  readonly url: string
  readonly child: ChildProcess
  /** Resolves when it has ended. */
  readonly end: (signal: "SIGKILL" | "SIGTERM") => Promise<void>
  /** The largest resident set so far, in bytes. Linux only, otherwise `undefined`. */
  readonly getPeakRss: () => number | undefined
}

export const relayMain = fileURLToPath(new URL("main.ts", import.meta.resolve("@scenario-automation/relay")))
export const pgBossMain = fileURLToPath(new URL("runPgBoss.ts", import.meta.url))

/** Starts a program that prints `"url":"http…"` when it listens. */
export const startProgram = async (
  main: string,
  environment: Readonly<Record<string, string>>,
): Promise<Program> => {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let log = ""
    const read = (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-10_000)
      const [, found] = /"url":"(http:[^"]+)"/.exec(log) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.once("exit", (code) => reject(new Error(`${main} ended with ${code}: ${log}`)))
  })
  return {
    url,
    child,
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, "exit")
      child.kill(signal)
      await ended
    },
    getPeakRss: () => readPeakRss(child.pid),
  }
}

const readPeakRss = (pid: number | undefined): number | undefined => {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
    return kb === undefined ? undefined : Number(kb) * 1_024
  } catch {
    return undefined
  }
}

export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}
