import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { afterEach, expect } from "vitest"

interface World {
  readonly simulator: Simulator
  /** The folder in which the recipes run. */
  readonly folder: string
}

const cleanups: Array<() => Promise<void> | void> = []

/** Runs after the test. */
export const cleanUp = (cleanup: () => Promise<void> | void): void => {
  cleanups.push(cleanup)
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A simulator and an empty folder. A generation takes half a second, unless the test plans another duration. */
export const startWorld = async (speed = 20): Promise<World> => {
  const simulator = await startSimulator({
    speed,
    medianDurationsMs: { image: 500 * speed },
    pictures: "plain",
  })
  cleanUp(() => simulator.close())
  const folder = mkdtempSync(join(tmpdir(), "scenario-recipes-"))
  cleanUp(() => rmSync(folder, { recursive: true, force: true }))
  return { simulator, folder }
}

/** The variables that `npx @scenario-automation/simulator` prints. */
export const getEnvironment = ({ simulator }: World): Record<string, string> => ({
  SCENARIO_SDK_API_KEY: simulator.apiKey,
  SCENARIO_SDK_API_SECRET: simulator.apiSecret,
  SCENARIO_BASE_URL: simulator.baseUrl,
  SCENARIO_CDN_URL: simulator.cdnUrl,
})

/** Starts a recipe as a process of its own, as its first comment says. */
export const startRecipe = (
  world: World,
  recipe: string,
  args: ReadonlyArray<string> = [],
  env: Readonly<Record<string, string>> = {},
): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(`../${recipe}.ts`, import.meta.url)), ...args], {
    cwd: world.folder,
    env: { ...process.env, ...getEnvironment(world), ...env },
  })

/** Runs a recipe to its end, and returns the lines that it printed. It must succeed. It gets `answer` when it asks. */
export const runRecipe = async (
  world: World,
  recipe: string,
  args: ReadonlyArray<string> = [],
  answer = "",
): Promise<ReadonlyArray<string>> => {
  const child = startRecipe(world, recipe, args)
  let output = ""
  let errors = ""
  child.stdout?.on("data", (data: Buffer) => {
    output += data.toString()
    if (data.includes("? (y/n) ")) child.stdin?.write(`${answer}\n`)
  })
  child.stderr?.on("data", (data: Buffer) => (errors += data.toString()))
  const [code] = await once(child, "close")
  expect({ code, errors }).toEqual({ code: 0, errors: "" })
  return output.trim().split("\n")
}

/** Repeats `attempt` until it succeeds, at most for 20 seconds. */
export const eventually = async <T>(attempt: () => Promise<T> | T): Promise<T> => {
  const end = Date.now() + 20_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}
