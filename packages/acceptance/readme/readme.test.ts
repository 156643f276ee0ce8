import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const readme = readFileSync(join(root, "README.md"), "utf8")

/** The README's blocks in a language, in their order. */
const blocks = (language: string): ReadonlyArray<string> =>
  [...readme.matchAll(new RegExp("^```" + language + "\\n([\\s\\S]*?)^```$", "gm"))].map(
    ([, code = ""]) => code,
  )

let simulator: Simulator
let folder: string

beforeAll(async () => {
  simulator = await startSimulator({ speed: 20 })
  folder = mkdtempSync(join(tmpdir(), "scenario-readme-"))
  // A reader's own folder, with the package installed.
  symlinkSync(fileURLToPath(new URL("../node_modules", import.meta.url)), join(folder, "node_modules"))
  symlinkSync(join(root, "run"), join(folder, "run"))
})

afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

interface Ended {
  readonly code: number | null
  readonly output: string
}

const start = (command: string, args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        ...process.env,
        SCENARIO_SDK_API_KEY: simulator.apiKey,
        SCENARIO_SDK_API_SECRET: simulator.apiSecret,
        SCENARIO_BASE_URL: simulator.baseUrl,
      },
    })
    let output = ""
    child.stdout.on("data", (text: Buffer) => (output += text.toString()))
    child.stderr.on("data", (text: Buffer) => (output += text.toString()))
    child.once("close", (code) => resolve({ code, output }))
  })

/** Lines that a reader would not type as they stand here: the key is the simulator's, and npm's registry is not asked. */
const isForReaders = (line: string): boolean => /^(export SCENARIO_SDK_API_KEY=|npm install )/.test(line)

describe("every block of the README works", () => {
  it.each(
    blocks("sh")
      .flatMap((block) => block.split("\n"))
      .filter((line) => line.trim() !== "" && !isForReaders(line)),
  )("%s", async (line) => {
    const ended = await start("sh", ["-c", line])
    expect(ended).toMatchObject({ code: 0 })
  })

  it.each(blocks("ts").map((code, index) => [index + 1, code] as const))(
    "TypeScript block %i",
    async (index, code) => {
      const file = join(folder, `block${index}.ts`)
      writeFileSync(file, code)
      const before = simulator.ledger().paidJobs
      const ended = await start(process.execPath, ["--preserve-symlinks-main", file])
      expect(ended).toMatchObject({ code: 0 })
      expect(simulator.ledger().paidJobs - before).toBe(1)
      expect(readdirSync(join(folder, "pictures")).length).toBeGreaterThan(0)
    },
  )

  it("has blocks to run", () => {
    expect(blocks("sh").length).toBeGreaterThanOrEqual(3)
    expect(blocks("ts").length).toBe(2)
  })
})
