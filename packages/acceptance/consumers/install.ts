import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)
const packages = join(import.meta.dirname, "../..")

/** What `npm publish` would send of each package, installed by npm into a folder of its own, without a network. */
export async function installPacked(names: ReadonlyArray<string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "consumer-"))
  // What the packages depend on themselves is here already; npm can't ask for it without a network.
  const dependencies: Record<string, string> = {
    effect: `file:${realpathSync(join(import.meta.dirname, "../node_modules/effect"))}`,
    "jpeg-js": `file:${realpathSync(join(packages, "gallery/node_modules/jpeg-js"))}`,
  }
  for (const name of names) {
    const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(packages, name),
    })
    dependencies[`@scenario-automation/${name}`] = `file:${JSON.parse(stdout).filename}`
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }))
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder })
  return folder
}

/** Every name that a package can be imported by: `@scenario-automation/core`, `@scenario-automation/core/promise`, … */
export function specifiers(folder: string, name: string): ReadonlyArray<string> {
  const manifest: { readonly exports: Record<string, unknown> } = JSON.parse(
    readFileSync(join(folder, "node_modules/@scenario-automation", name, "package.json"), "utf8"),
  )
  return Object.keys(manifest.exports).map((path) => `@scenario-automation/${name}${path.slice(1)}`)
}

/** Runs a program in the consumer's folder and gives what it printed. */
export async function consume(folder: string, file: string, source: string): Promise<string> {
  writeFileSync(join(folder, file), source)
  return (await run(process.execPath, [file], { cwd: folder })).stdout.trim()
}

/** Compiles a TypeScript program against the declarations that were packed, those included; gives what it complains of. */
export async function compile(folder: string, file: string, source: string): Promise<string> {
  writeFileSync(join(folder, file), source)
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc")
  const flags = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--module",
    "nodenext",
    "--target",
    "es2024",
  ]
  return run(process.execPath, [tsc, ...flags, "--ignoreConfig", "--types", "", file], { cwd: folder }).then(
    () => "",
    (error: { readonly stdout: string }) => error.stdout,
  )
}
