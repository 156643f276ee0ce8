import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** The result of a process. */
interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running `scenario`. */
interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when stderr contains this text. */
  waitForStderr(text: string): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Runs `scenario` in an empty folder against a simulator. */
export interface TestCli extends AsyncDisposable {
  readonly simulator: Simulator
  readonly folder: string
  start(...args: ReadonlyArray<string>): Running
  startWith(environment: Environment, ...args: ReadonlyArray<string>): Running
  run(...args: ReadonlyArray<string>): Promise<Ended>
  /** Runs with other environment variables. `undefined` removes one. */
  runWith(environment: Environment, ...args: ReadonlyArray<string>): Promise<Ended>
  /** Runs with this input on stdin. */
  runOn(input: string | Uint8Array, ...args: ReadonlyArray<string>): Promise<Ended>
}

/** Starts a fast simulator, whose pictures are plain. */
export const openTestCli = async (options: SimulatorOptions = {}): Promise<TestCli> => {
  const simulator = await startSimulator({ speed: 50, pictures: "plain", ...options })
  const folder = await mkdtemp(join(tmpdir(), "scenario-cli-"))
  const account = {
    SCENARIO_BASE_URL: simulator.baseUrl,
    SCENARIO_SDK_API_KEY: simulator.apiKey,
    SCENARIO_SDK_API_SECRET: simulator.apiSecret,
    // Caches and stored submits stay in the test's own folder.
    HOME: folder,
    XDG_CACHE_HOME: join(folder, ".cache"),
    XDG_STATE_HOME: join(folder, ".state"),
    // The request budget counts real minutes, and the simulator is fifty times faster.
    SCENARIO_REQUESTS_PER_MINUTE: "5000",
  }
  const startWith = (
    environment: Environment,
    args: ReadonlyArray<string>,
    input?: string | Uint8Array,
  ): Running => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...account, ...environment },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    })
    child.stdin?.end(input)
    return watch(child, [simulator.apiSecret, basicAuth(simulator)])
  }
  return {
    simulator,
    folder,
    start: (...args) => startWith({}, args),
    startWith: (environment, ...args) => startWith(environment, args),
    run: (...args) => startWith({}, args).ended,
    runWith: (environment, ...args) => startWith(environment, args).ended,
    runOn: (input, ...args) => startWith({}, args, input).ended,
    [Symbol.asyncDispose]: async () => {
      await simulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const basicAuth = ({ apiKey, apiSecret }: Simulator): string =>
  Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")

/** Collects the output of a process, and fails if it contains a secret. */
const watch = (child: ChildProcess, secrets: ReadonlyArray<string>): Running => {
  let stdout = ""
  let stderr = ""
  let onStderr = () => {}
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
    onStderr()
  })
  return {
    process: child,
    waitForStderr: (text) =>
      new Promise((resolve) => {
        onStderr = () => {
          if (stderr.includes(text)) resolve()
        }
        onStderr()
      }),
    ended: new Promise((resolve, reject) => {
      child.once("error", reject)
      child.once("close", (exitCode) => {
        const leaked = secrets.some((secret) => stdout.includes(secret) || stderr.includes(secret))
        if (leaked) reject(new Error("the process printed a secret"))
        else resolve({ exitCode, stdout, stderr })
      })
    }),
  }
}

/** `generate txt2img` with its required inputs. */
export const txt2img = ["generate", "txt2img", "-i", "modelId=model_flux-1-dev", "-p", "a red house"] as const

/** Waits until the simulator has received a request with this path. */
export const waitForRequest = async ({ simulator }: TestCli, path: string): Promise<void> => {
  while (!simulator.requests().some((request) => request.path.startsWith(path))) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
