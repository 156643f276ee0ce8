import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import { packNode } from "./packNode.ts"
import type { Workflow } from "./Workflow.ts"

const run = promisify(execFile)

export interface Credential {
  readonly apiKey: string
  readonly apiSecret: string
  readonly baseUrl: string
  readonly projectId?: string
}

/** An n8n with its own folder, and the node installed as a user would install it. */
export class N8n {
  readonly folder: string
  readonly #program: string
  readonly #environment: NodeJS.ProcessEnv
  readonly port: number

  private constructor(
    program: string,
    folder: string,
    port: number,
    brokerPort: number,
    settings: Readonly<Record<string, string>>,
  ) {
    this.#program = program
    this.folder = folder
    this.port = port
    this.#environment = {
      PATH: process.env["PATH"],
      HOME: folder,
      N8N_USER_FOLDER: folder,
      N8N_ENCRYPTION_KEY: "only-for-tests",
      N8N_PORT: String(port),
      N8N_RUNNERS_BROKER_PORT: String(brokerPort),
      N8N_LISTEN_ADDRESS: "127.0.0.1",
      N8N_SECURE_COOKIE: "false",
      N8N_DIAGNOSTICS_ENABLED: "false",
      N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
      N8N_TEMPLATES_ENABLED: "false",
      N8N_PERSONALIZATION_ENABLED: "false",
      N8N_HIRING_BANNER_ENABLED: "false",
      N8N_LICENSE_AUTO_RENEW_ENABLED: "false",
      N8N_COMMUNITY_PACKAGES_ENABLED: "true",
      // `execute` prints its result through the logger.
      N8N_LOG_LEVEL: "info",
      ...settings,
    }
  }

  /** Installs the node into a fresh folder. `settings` are environment variables that n8n reads. */
  static async prepare(installed: string, settings: Readonly<Record<string, string>> = {}): Promise<N8n> {
    const home = mkdtempSync(join(tmpdir(), "n8n-"))
    const program = join(installed, "node_modules/n8n/bin/n8n")
    const n8n = new N8n(program, home, await freePort(), await freePort(), settings)
    const nodes = join(home, ".n8n/nodes")
    mkdirSync(nodes, { recursive: true })
    writeFileSync(join(nodes, "package.json"), JSON.stringify({ name: "installed-nodes", private: true }))
    const packed = await packNode(home)
    await run(
      "npm",
      ["install", "--offline", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", packed],
      {
        cwd: nodes,
      },
    )
    return n8n
  }

  /** Imports a credential by the command line, and returns how nodes refer to it. */
  async importCredential(data: Credential): Promise<{ readonly id: string; readonly name: string }> {
    const credential = { id: "scenarioTests001", name: "Scenario" }
    const file = join(this.folder, "credential.json")
    writeFileSync(file, JSON.stringify([{ ...credential, type: "scenarioApi", data }]))
    await this.#command("import:credentials", `--input=${file}`)
    rmSync(file)
    return credential
  }

  async importWorkflow(workflow: Workflow): Promise<void> {
    const file = join(this.folder, `${workflow.id}.json`)
    writeFileSync(file, JSON.stringify(workflow))
    await this.#command("import:workflow", `--input=${file}`)
  }

  /** `n8n execute`: runs a workflow in its own process. */
  async execute(workflowId: string): Promise<{ readonly exitCode: number; readonly output: string }> {
    const child = this.#spawn("execute", `--id=${workflowId}`, "--rawOutput")
    let output = ""
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()))
    const [exitCode]: Array<number> = await once(child, "close")
    return { exitCode: exitCode ?? 1, output }
  }

  /** `n8n start`, until it is ready for requests. */
  async start(): Promise<RunningN8n> {
    const child = this.#spawn("start")
    const running = new RunningN8n(child, this.port)
    await running.isReady()
    return running
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #command(...args: ReadonlyArray<string>): Promise<void> {
    await run(process.execPath, [this.#program, ...args], { env: this.#environment, cwd: this.folder })
  }

  #spawn(...args: ReadonlyArray<string>): ChildProcess {
    return spawn(process.execPath, [this.#program, ...args], { env: this.#environment, cwd: this.folder })
  }
}

/** The process of a started n8n. */
export class RunningN8n implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess
  #log = ""

  constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.url = `http://127.0.0.1:${port}`
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.#log += chunk.toString()))
    }
  }

  get log(): string {
    return this.#log
  }

  async isReady(): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (this.#child.exitCode !== null) throw new Error(`n8n has ended:\n${this.#log}`)
      const answer = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined)
      if (answer?.ok === true) return
      await sleep(250)
    }
    throw new Error(`n8n did not become ready:\n${this.#log}`)
  }

  /** Kills n8n without letting it shut down. */
  async kill(): Promise<void> {
    const ended = once(this.#child, "close")
    this.#child.kill("SIGKILL")
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, "close")
    this.#child.kill("SIGTERM")
    const killing = globalThis.setTimeout(() => this.#child.kill("SIGKILL"), 10_000)
    await ended
    clearTimeout(killing)
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  if (address === null || typeof address === "string") throw new Error("There is no free port")
  return address.port
}
