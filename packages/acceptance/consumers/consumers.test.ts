import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { build } from "esbuild"
import { readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compile, consume, installPacked, readmeBlocks, specifiers } from "./install.ts"
import { whyMissing } from "../runtimes/binaries.ts"
import { findCompilers, findRuntimes } from "./toolchains.ts"

const runtimes = Object.entries(findRuntimes())
const compilers = Object.entries(findCompilers())

let simulator: Simulator
let environment: Readonly<Record<string, string>>
beforeAll(async () => {
  simulator = await startSimulator({ speed: 20 })
  environment = {
    SCENARIO_SDK_API_KEY: simulator.apiKey,
    SCENARIO_SDK_API_SECRET: simulator.apiSecret,
    SCENARIO_BASE_URL: simulator.baseUrl,
  }
})
afterAll(() => simulator.close())

const listInstalled = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))

/** Imports and requires every entry, and returns what each exports. */
const loadEntries = async (folder: string, names: ReadonlyArray<string>) => {
  const list = JSON.stringify(names)
  return {
    imported: await consume(
      folder,
      "entries.mjs",
      `for (const name of ${list}) console.log(name, Object.keys(await import(name)).sort().join())`,
    ),
    required: await consume(
      folder,
      "entries.cjs",
      `for (const name of ${list}) console.log(name, Object.keys(require(name)).sort().join())`,
    ),
  }
}

describe("a project that installs the client", () => {
  let folder: string
  beforeAll(async () => {
    folder = await installPacked(["client"])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("gets nothing else", () => {
    expect(listInstalled(folder)).toEqual(["@scenario-automation"])
    expect(readdirSync(join(folder, "node_modules/@scenario-automation"))).toEqual(["client"])
  })

  it.for(runtimes)("runs the README's first program on %s", async ([name, runtime], context) => {
    if (runtime === undefined) return context.skip(whyMissing(name))
    const [first = ""] = readmeBlocks("client", "js")
    const before = simulator.ledger().paidJobs
    expect(await consume(folder, "first.mjs", first, runtime, environment)).toMatch(/^pictures.asset_\S+$/)
    expect(simulator.ledger().paidJobs - before).toBe(1)
    return undefined
  })

  it("runs the README's other programs", async () => {
    const others = readmeBlocks("client", "js").slice(1)
    expect(others.length).toBeGreaterThan(0)
    for (const source of others) {
      expect(await consume(folder, "other.mjs", source, undefined, environment)).toContain("submitted job_")
    }
  })

  it("can import it and require it", async () => {
    const { imported, required } = await loadEntries(folder, specifiers(folder, "client"))
    expect(imported).toContain("createScenario")
    expect(required).toBe(imported)
  })

  it.for(compilers)("compiles strictly with %s, without other types", async ([name, tsc], context) => {
    if (tsc === undefined) return context.skip(whyMissing(name))
    expect(await compile(folder, "typed.mts", typedProgram, tsc, ["es2022", "dom"])).toBe("")
    return undefined
  })

  it("bundles with esbuild for browsers, without a module of Node", async () => {
    const entry = join(folder, "browser.mjs")
    writeFileSync(entry, `import { createScenario } from "@scenario-automation/client"\ncreateScenario()`)
    const { warnings, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: "browser",
      format: "esm",
      metafile: true,
      write: false,
    })
    expect(warnings).toEqual([])
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  })
})

const typedProgram = `
import { createScenario, isScenarioError, requestFor, type Generated, type Model } from "@scenario-automation/client"
const scenario = createScenario({ apiKey: "key", apiSecret: "secret", requestsPerMinute: 50 })
export const run = async (): Promise<Generated | undefined> => {
  try {
    return await scenario.generate(requestFor({ model: "model_1" }, { prompt: "a red house" }), { maxCost: 20 })
  } catch (error) {
    if (isScenarioError(error) && error._tag === "WaitTimedOut") console.log(error.job.jobId, error.waitedMs.toFixed())
    return undefined
  }
}
export const models: AsyncIterable<Model> = scenario.models.list()
// @ts-expect-error: no such option
export const misspelled = scenario.estimate({ model: "model_1", inputs: {} }, { ipDetektion: true })
`

describe("a project that installs core, the gallery, and the client", () => {
  const packed = ["core", "gallery", "client"]
  let folder: string
  let names: ReadonlyArray<string>
  beforeAll(async () => {
    folder = await installPacked(packed, ["effect", "jpeg-js"])
    names = packed.flatMap((name) => specifiers(folder, name))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("can import and require every entry", async () => {
    const { imported, required } = await loadEntries(folder, names)
    expect(names).toContain("@scenario-automation/core/node")
    expect(names).not.toContain("@scenario-automation/core/promise")
    expect(required).toBe(imported)
  })

  it("runs what was packed and not the sources beside it", async () => {
    const resolved = await consume(
      folder,
      "resolve.mjs",
      `for (const name of ${JSON.stringify(names)}) console.log(import.meta.resolve(name))`,
    )
    for (const url of resolved.split("\n"))
      expect(url).toMatch(/\/node_modules\/@scenario-automation\/\w+\/dist\/[\w/]+\.js$/)
  })

  it.for(compilers)("compiles strictly with %s", async ([name, tsc], context) => {
    if (tsc === undefined) return context.skip(whyMissing(name))
    const imports = names.map((name, index) => `import * as entry${index} from "${name}"\nvoid entry${index}`)
    const lib = ["es2024", "esnext.disposable", "dom", "dom.iterable"]
    expect(await compile(folder, "consumer.mts", imports.join("\n"), tsc, lib)).toBe("")
    return undefined
  })

  it.for(runtimes)("runs the first program of core's README on %s", async ([name, runtime], context) => {
    if (runtime === undefined) return context.skip(whyMissing(name))
    const [first = ""] = readmeBlocks("core", "js")
    expect(await consume(folder, "effect.mjs", first, runtime, environment)).toMatch(/^pictures.asset_\S+$/)
    return undefined
  })

  it("recognizes the errors of one package with the other", async () => {
    const program = `
      import * as client from "@scenario-automation/client"
      import * as core from "@scenario-automation/core"
      const issues = []
      console.log(client.isScenarioError(new core.InvalidInput({ issues })), core.isScenarioError(new client.InvalidInput({ issues })))
    `
    expect(await consume(folder, "errors.mjs", program)).toBe("true true")
  })

  it("renders a page with the gallery, as its README does", async () => {
    const [program = ""] = readmeBlocks("gallery", "js")
    await consume(folder, "gallery.mjs", program)
    expect(readdirSync(folder)).toContain("gallery.html")
  })
})

describe("a project that installs the simulator", () => {
  let folder: string
  beforeAll(async () => {
    folder = await installPacked(["simulator"], ["jpeg-js"])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("prints lines that set what a client reads", async () => {
    const program = `
      import { spawn } from "node:child_process"
      const simulator = spawn("node_modules/.bin/scenario-simulator", ["--port", "0", "--cdn-port", "0"])
      simulator.stdout.once("data", (printed) => {
        console.log(String(printed))
        simulator.kill()
      })
    `
    const lines = (await consume(folder, "simulator.mjs", program)).split("\n")
    for (const name of [
      "SCENARIO_BASE_URL",
      "SCENARIO_CDN_URL",
      "SCENARIO_SDK_API_KEY",
      "SCENARIO_SDK_API_SECRET",
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(`^export ${name}=\\S+$`))
    }
  })
})

describe("a project that installs the command line", () => {
  let folder: string
  beforeAll(async () => {
    folder = await installPacked(["cli"])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const script = "node_modules/@scenario-automation/cli/dist/main.js"

  it("gets nothing else", () => {
    expect(listInstalled(folder)).toEqual(["@scenario-automation"])
  })

  it.for(runtimes.filter(([name]) => name.startsWith("Node")))(
    "generates a file on %s",
    async ([name, runtime], context) => {
      if (runtime === undefined) return context.skip(whyMissing(name))
      const args = [
        "generate",
        "model_openai-gpt-image-2",
        "--prompt",
        "a red house",
        "--out",
        "pictures",
        "--json",
      ]
      const program = `
      import { execFileSync } from "node:child_process"
      process.stdout.write(execFileSync(process.execPath, ${JSON.stringify([script, ...args])}))
    `
      const printed = JSON.parse(await consume(folder, "cli.mjs", program, runtime, environment))
      expect(printed.assets[0].path).toMatch(/asset_/)
      return undefined
    },
  )

  it("has the licenses of the code that is bundled with it", () => {
    expect(readdirSync(join(folder, "node_modules/@scenario-automation/cli/dist"))).toContain("LICENSES.md")
  })
})
