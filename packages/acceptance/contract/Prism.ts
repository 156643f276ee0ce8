import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"

const besideTheRepository = fileURLToPath(
  new URL("../../../../shared/scenario-openapi.json", import.meta.url),
)

/** Scenario's published contract: the file in `SCENARIO_OPENAPI`, or else in `shared` beside the repository. */
export const contractFile = [process.env["SCENARIO_OPENAPI"], besideTheRepository].find(
  (path) => path !== undefined && path !== "" && existsSync(path),
)

/** Why the contract cannot be checked here, for people who read the test's output. */
export const whyAbsent =
  "Skipped: Scenario's contract is not part of this repository. Set SCENARIO_OPENAPI to its file, or lay it at ../shared/scenario-openapi.json."

/** Something that a request or an answer has that the contract does not allow, or lacks. */
export interface ContractViolation {
  /** `POST /generate/txt2img`. */
  readonly call: string
  /** `request.body.prompt`, `response.body.job`. */
  readonly at: string
  readonly message: string
}

/** A proxy that compares what goes through it with the contract. */
export interface Prism extends AsyncDisposable {
  readonly url: string
  /** Calls Prism by fetch, and keeps what it has to say. */
  readonly fetch: typeof globalThis.fetch
  readonly violations: ReadonlyArray<ContractViolation>
  /** Every call that went through, as `METHOD /path/of/the/contract`. */
  readonly calls: ReadonlySet<string>
}

/** Puts Prism before an API. Its paths are those of the contract: at the root. */
export const startPrism = async (contract: string, upstream: string): Promise<Prism> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const command = fileURLToPath(import.meta.resolve("@stoplight/prism-cli/dist/index.js"))
  const child = spawn(
    process.execPath,
    [command, "proxy", contract, upstream, "--port", String(port), "--host", "127.0.0.1"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  )
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`Prism ended with ${code} before it was ready`)))
    child.stdout.on("data", (text: Buffer) => {
      if (text.toString().includes("listening")) resolve()
    })
  })
  const violations: Array<ContractViolation> = []
  const calls = new Set<string>()
  return {
    url,
    violations,
    calls,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const target = new URL(input instanceof Request ? input.url : String(input))
      if (target.origin !== url) return response
      const call = `${init?.method ?? "GET"} ${target.pathname}`
      calls.add(call)
      violations.push(...readViolations(call, response.headers.get("sl-violations")))
      return response
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill()
      await ended
    },
  }
}

interface PrismFinding {
  readonly location: ReadonlyArray<string>
  readonly message: string
}

const readViolations = (call: string, header: string | null): ReadonlyArray<ContractViolation> => {
  if (header === null) return []
  const findings: ReadonlyArray<PrismFinding> = JSON.parse(header)
  return findings.map(({ location, message }) => ({ call, at: location.join("."), message }))
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
