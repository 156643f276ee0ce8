import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { execFile, type ExecFileException } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { boot } from "./bootedZip.ts"
import { bring } from "../bring.ts"

const cliVersion = "19.1.0"
const nodeVersion = "22.23.3"
const cli = bring("zapier-platform-cli", cliVersion)
const nodePackages = bring(`node-${process.platform}-${process.arch}`, nodeVersion)
const app = join(import.meta.dirname, "../../../apps/zapier-scenario")

const place = mkdtempSync(join(tmpdir(), "zapier-"))
const stage = join(place, "stage")
const unpacked = join(place, "unpacked")
afterAll(() => rmSync(place, { recursive: true }))

interface Ended {
  readonly exitCode: number
  readonly said: string
}

/** Zapier's CLI in the staged app. It has a home folder without a login. */
const zapier = async (...words: ReadonlyArray<string>): Promise<Ended> => {
  const home = join(place, "home")
  mkdirSync(home, { recursive: true })
  const env = { PATH: process.env["PATH"], HOME: home, NO_COLOR: "1" }
  try {
    const bin = join(cli ?? "", ".bin/zapier-platform")
    const { stdout, stderr } = await promisify(execFile)(bin, words, { cwd: stage, env })
    return { exitCode: 0, said: stdout + stderr }
  } catch (error) {
    const failed: ExecFileException & { stdout?: string; stderr?: string } = Object.assign(new Error(), error)
    return { exitCode: Number(failed.code), said: `${failed.stdout}${failed.stderr}` }
  }
}

const unpack = (zip: string): number => {
  const Zip = createRequire(join(cli ?? "", "zapier-platform-cli/package.json"))("adm-zip")
  const archive = new Zip(zip)
  archive.extractAllTo(unpacked)
  return archive.getEntries().length
}

const kilobytes = (file: string): number => Math.round(statSync(file).size / 1000)

describe.skipIf(cli === undefined)("the app as Zapier gets it", () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator({ speed: 10, pictures: "plain" })
    await promisify(execFile)(process.execPath, ["stage.ts", stage], { cwd: app })
    writeFileSync(
      join(stage, ".env"),
      [
        `authData_apiKey=${simulator.apiKey}`,
        `authData_apiSecret=${simulator.apiSecret}`,
        `SCENARIO_BASE_URL=${simulator.baseUrl}`,
      ].join("\n"),
    )
  })
  afterAll(() => simulator.close())

  it("passes Zapier's own validation", async () => {
    const { exitCode, said } = await zapier("validate", "--without-style")
    expect(said).toContain("structurally sound")
    expect(exitCode).toBe(0)
  })

  it("is built into a zip that holds what runs, no secret and no link", async () => {
    const { exitCode, said } = await zapier("build", "--skip-dep-install", "--skip-validation")
    expect(said).toContain("Build complete")
    expect(exitCode).toBe(0)
    const zip = join(stage, "build/build.zip")
    const entries = unpack(zip)
    console.log(
      `zip ${kilobytes(zip)} kB in ${entries} files, bundle ${kilobytes(join(unpacked, "dist/index.js"))} kB`,
    )
    expect(readdirSync(unpacked).toSorted()).toEqual(
      ["definition.json", "dist", "node_modules", "package.json", "zapierwrapper.js"].toSorted(),
    )
    expect(kilobytes(zip)).toBeLessThan(1_500)
  })

  it.skipIf(nodePackages === undefined)("generates on Node 22 with only the files of the zip", async () => {
    const node = join(nodePackages ?? "", `node-${process.platform}-${process.arch}/bin/node`)
    const event = {
      command: "execute",
      method: "creates.generate_asset.operation.perform",
      bundle: {
        authData: { apiKey: simulator.apiKey, apiSecret: simulator.apiSecret },
        inputData: { model: "model_canvas-image-2", in_prompt: "a red house" },
        meta: {},
      },
      environment: { SCENARIO_BASE_URL: simulator.baseUrl, LOGGING_ENDPOINT: `${simulator.cdnUrl}/log` },
    }
    const paid = simulator.ledger().paidJobs
    const { answer, ...figures } = await boot(node, unpacked, event)
    console.log(figures)
    expect(figures.node).toBe(`v${nodeVersion}`)
    expect(answer).toMatchObject({ status: "SUCCESS", results: { finished: true, status: "success" } })
    expect(simulator.ledger().paidJobs).toBe(paid + 1)
  })

  it("tests a connection, and calls it by its masked key", async () => {
    expect((await zapier("invoke", "auth", "test", "--non-interactive")).said).toContain(
      '"keyHint": "api_…0key"',
    )
    expect((await zapier("invoke", "auth", "label", "--non-interactive")).said).toContain("api_…0key")
  })

  it("runs every step when Zapier's CLI invokes it", async () => {
    const asset = simulator.addAsset({ kind: "image" })
    const ended = simulator.addJob({ ageMs: 60_000, assetIds: [asset] })
    const file = simulator.assets()[0]?.["url"]
    const generated = { model: "model_flux-1-dev", mode: "txt2img", in_prompt: "a red house" }
    // No field of a model is required, because its input can stand in the JSON instead.
    const jsonOnly = { model: "model_canvas-image-2", additionalInputs: '{"prompt": "a red house"}' }
    const steps: ReadonlyArray<readonly [kind: string, key: string, input: object, says: string]> = [
      ["create", "generate_asset", generated, '"finished": true'],
      ["create", "start_generation", generated, '"finished": false'],
      ["create", "start_generation", jsonOnly, '"finished": false'],
      ["create", "transform_image", { transformation: "remove-background", asset }, '"finished": true'],
      ["create", "import_asset", { file, kind: "image" }, '"kind": "image"'],
      ["create", "run_app", { app: "wflow_sprite-sheet", in_prompt: "a knight" }, '"finished": true'],
      ["create", "cancel_generation", { generation: ended }, '"outcome": "already-finished"'],
      ["search", "find_generation", { generation: ended }, `"assetId": "${asset}"`],
      ["search", "find_asset", { asset }, `"id": "${asset}"`],
      ["search", "find_model", { words: "flux" }, '"needsMode": true'],
      ["trigger", "generation_finished", {}, '"status": "success"'],
      ["trigger", "new_asset", {}, '"mimeType": "image/png"'],
      ["trigger", "model_list", {}, '"name": "'],
      ["trigger", "input_model_list", { model: "model_flux-composer" }, "model_own-watercolor"],
    ]
    const paid = simulator.ledger().paidJobs
    for (const [kind, key, input, says] of steps) {
      const { exitCode, said } = await zapier(
        "invoke",
        kind,
        key,
        "--non-interactive",
        "-i",
        JSON.stringify(input),
      )
      expect(said).toContain(says)
      expect({ key, exitCode }).toEqual({ key, exitCode: 0 })
    }
    expect(simulator.ledger().paidJobs).toBe(paid + 5)
  })

  it("refuses a number that isn't one, and pays nothing", async () => {
    const asset = simulator.addAsset({ kind: "image" })
    const inputs = { model: "model_flux-1-dev", mode: "inpaint", in_prompt: "a cat", in_image: asset }
    const input = JSON.stringify({ ...inputs, in_mask: asset, in_strength: "high" })
    const paid = simulator.ledger().paidJobs
    const { said } = await zapier("invoke", "create", "generate_asset", "--non-interactive", "-i", input)
    expect(said).toContain("Strength: Expected a number")
    expect(simulator.ledger().paidJobs).toBe(paid)
  })
})
