import { startSimulator } from "@scenario-automation/simulator"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { afterEach, assert, beforeEach, describe, it } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

let out: string
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "scenario-demo-"))
})
afterEach(() => rmSync(out, { recursive: true, force: true }))

const runDemo = async (
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: unknown; readonly stdout: string; readonly stderr: string }> => {
  const child = spawn(process.execPath, [main, "--out", out, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ])
  return { exitCode, stdout, stderr }
}

const madeFiles = () => readdirSync(out).filter((name) => /\.(png|glb|mp4|wav)$/.test(name))

const scenes = ["3d", "audio", "controlnet", "image", "img2img", "ip-adapter", "txt2img", "video"]

describe("the demo", () => {
  it("runs on its own simulator, models first, and shows or plays every file in the gallery", async () => {
    writeFileSync(join(out, "mine.txt"), "not of the demo")
    const { exitCode, stdout, stderr } = await runDemo(["--speed", "40"])
    assert.strictEqual(exitCode, 0, stderr)
    assert.notInclude(stdout + stderr, "\u001B")
    assert.match(stdout, /^9 jobs · 9 files of [\d.]+ MB · \d+ requests · 94\.25 compute units · [\d.]+ s$/m)
    assert.match(stderr, /^Image · [^:]+: submitted/)
    assert.match(stderr, /^Text to image \(job_\w+\): done in /m)

    assert.deepStrictEqual([...new Set(madeFiles().map((name) => name.replace(/-\d\.\w+$/, "")))], scenes)
    const page = readFileSync(join(out, "index.html"), "utf8")
    for (const file of madeFiles()) assert.include(page, `${file}"`)
    assert.strictEqual(page.match(/<article/g)?.length, 9)
    assert.include(page, "polled")
    const titles = [...page.matchAll(/<h3[^>]*>([^<]+)</g)].map(([, title = ""]) => title.replace(/ ·.*/, ""))
    const models = "Image, 3D, Video, Audio"
    const olderEndpoints = "Text to image, Image to image, ControlNet, IP-Adapter, Prompt"
    assert.strictEqual(titles.join(", "), `${models}, ${olderEndpoints}`)
    for (const element of ["<img", "<video", "<audio", 'class="wave"', 'role="radiogroup"']) {
      assert.include(page, element)
    }
    assert.notInclude(page, "Download")
    assert.include(readdirSync(out), "mine.txt")
  })

  it("deletes the last demo's files, and no others", async () => {
    for (const name of ["txt2img-9.png", "mine.png"]) writeFileSync(join(out, name), "")
    writeFileSync(join(out, ".demo-files.json"), JSON.stringify(["txt2img-9.png", "../mine.png"]))
    writeFileSync(join(out, "..", "mine.png"), "")
    const { exitCode, stderr } = await runDemo(["--speed", "40"])
    assert.strictEqual(exitCode, 0, stderr)
    assert.notInclude(madeFiles(), "txt2img-9.png")
    rmSync(join(out, "..", "mine.png"))
  })
})

describe("the demo with --live", () => {
  const start = async () => {
    const simulator = await startSimulator({ speed: 40, pictures: "plain" })
    const account = {
      SCENARIO_BASE_URL: simulator.baseUrl,
      SCENARIO_SDK_API_KEY: simulator.apiKey,
      SCENARIO_SDK_API_SECRET: simulator.apiSecret,
      SCENARIO_REQUESTS_PER_MINUTE: "4000",
    }
    return { simulator, account, [Symbol.asyncDispose]: () => simulator.close() }
  }

  it("shows the price, pays no more than that, and saves exactly the CDN's bytes", async () => {
    await using live = await start()
    const { exitCode, stdout, stderr } = await runDemo(["--live", "--yes"], live.account)
    assert.strictEqual(exitCode, 0, stderr)
    const { spent, paidJobs } = live.simulator.ledger()
    assert.strictEqual(paidJobs, 9)
    assert.match(stdout, new RegExp(`^  total +${spent} compute units$`, "m"))
    assert.deepStrictEqual(live.simulator.violations(), [])
    assert.notInclude(stdout + stderr, live.simulator.apiSecret)

    const atTheCdn = await Promise.all(
      live.simulator.assets().map(async ({ url }) => {
        const answer = await fetch(typeof url === "string" ? url : "")
        return Buffer.from(await answer.arrayBuffer()).toString("base64")
      }),
    )
    assert.strictEqual(madeFiles().length, 9)
    for (const file of madeFiles()) assert.include(atTheCdn, readFileSync(join(out, file), "base64"), file)
  })

  it("submits nothing if there is no terminal to ask on", async () => {
    await using live = await start()
    const { exitCode, stderr } = await runDemo(["--live"], live.account)
    assert.strictEqual(exitCode, 1)
    assert.match(
      stderr,
      /Can't ask for confirmation without a terminal\. Pass --yes to spend [\d.]+ compute units\./,
    )
    assert.strictEqual(live.simulator.ledger().paidJobs, 0)
    assert.deepStrictEqual(readdirSync(out), [])
  })

  it("names the generation that failed, shows the others, and exits with 1", async () => {
    await using live = await start()
    live.simulator.planNextJob({ outcome: "failure", error: "Out of paint" })
    const { exitCode, stderr } = await runDemo(["--live", "--yes"], live.account)
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /failed: Out of paint\./)
    assert.include(readFileSync(join(out, "index.html"), "utf8"), "Out of paint")
  })

  it("says what is missing without a key", async () => {
    const { exitCode, stderr } = await runDemo(["--live"])
    assert.strictEqual(exitCode, 3)
    assert.include(stderr, "SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET are not set")
  })
})
