import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { assert, afterAll, beforeAll, describe, it } from "vitest"
import { nodePackage, packNode } from "./packNode.ts"

const run = promisify(execFile)

/** Kilobytes; the bundle has core and Effect in it. */
const maxNodeKilobytes = 600

let folder: string

/** Runs n8n's scanner in another process, because a plugin of it changes its rules if NODE_ENV is test. */
const scan = async (folder: string, patterns: string): Promise<unknown> => {
  const program = `
    import { analyzePackage, SOURCE_FILE_PATTERNS } from "@n8n/scan-community-package/scanner/scanner.mjs"
    console.log(JSON.stringify(await analyzePackage(${JSON.stringify(folder)}, ${patterns})))`
  // The scanner leaves an empty folder among the temporary files.
  const temporary = mkdtempSync(join(tmpdir(), "n8n-scan-"))
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_ENV: "production", TMPDIR: temporary },
  }).finally(() => rmSync(temporary, { recursive: true, force: true }))
  return JSON.parse(stdout)
}

describe("the published n8n node", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "n8n-published-"))
    const packed = await packNode(folder)
    await run("tar", ["-xzf", packed, "-C", folder, "--strip-components=1"])
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("passes n8n's verification scan, as published and as source", { timeout: 60_000 }, async () => {
    assert.deepStrictEqual(await scan(folder, "undefined"), { passed: true })
    assert.deepStrictEqual(await scan(nodePackage, "SOURCE_FILE_PATTERNS"), { passed: true })
  })

  it("contains every file that its package.json names, and has no dependency", () => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
      assert.isTrue(existsSync(join(folder, file)), file)
    }
    for (const file of ["README.md", "LICENSE", "dist/icons/scenario.svg", "dist/icons/scenario.dark.svg"]) {
      assert.isTrue(existsSync(join(folder, file)), file)
    }
    assert.isUndefined(manifest.dependencies)
    assert.deepStrictEqual(manifest.peerDependencies, { "n8n-workflow": "*" })
    assert.hasAllKeys(manifest.n8n, ["n8nNodesApiVersion", "strict", "credentials", "nodes"])
  })

  it("stays within its size, and loads", async () => {
    const { stdout } = await run("du", ["-sk", join(folder, "dist")])
    const kilobytes = Number.parseInt(stdout, 10)
    assert.isBelow(kilobytes, maxNodeKilobytes + 200)
    const node = join(folder, "dist/nodes/Scenario/Scenario.node.js")
    mkdirSync(join(folder, "node_modules"), { recursive: true })
    symlinkSync(join(nodePackage, "node_modules/n8n-workflow"), join(folder, "node_modules/n8n-workflow"))
    const timed = `require("n8n-workflow"); const begun = performance.now(); require(${JSON.stringify(node)}); console.log(performance.now() - begun)`
    const { stdout: milliseconds } = await run(process.execPath, ["-e", timed], { cwd: folder })
    console.log(
      `dist ${kilobytes} kB, node ${Math.round(statSync(node).size / 1000)} kB, loaded in ${Math.round(Number(milliseconds))} ms`,
    )
    assert.isAbove(Number(milliseconds), 0)
  })
})
