import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"

const run = promisify(execFile)
const packages = join(import.meta.dirname, "../..")

/** What the packages depend on is here already, so npm needs no network. */
const dependencies = {
  effect: realpathSync(join(import.meta.dirname, "../node_modules/effect")),
  "jpeg-js": realpathSync(join(packages, "gallery/node_modules/jpeg-js")),
}

/** Installs what `npm publish` would send of each package, with npm, in a new folder. */
export const installPacked = async (
  names: ReadonlyArray<string>,
  others: ReadonlyArray<keyof typeof dependencies> = [],
): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "consumer-"))
  const installed: Record<string, string> = Object.fromEntries(
    others.map((name) => [name, `file:${dependencies[name]}`]),
  )
  for (const name of names) {
    const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(packages, name),
    })
    installed[`@scenario-automation/${name}`] = `file:${JSON.parse(stdout).filename}`
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: installed }))
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder })
  return folder
}

/** Every name that a package can be imported by: `@scenario-automation/core`, `@scenario-automation/core/node`, … */
export const specifiers = (folder: string, name: string): ReadonlyArray<string> => {
  const manifest: { readonly exports: Record<string, unknown> } = JSON.parse(
    readFileSync(join(folder, "node_modules/@scenario-automation", name, "package.json"), "utf8"),
  )
  return Object.keys(manifest.exports)
    .filter((path) => path !== "./package.json")
    .map((path) => `@scenario-automation/${name}${path.slice(1)}`)
}

/** A program that runs JavaScript, and its arguments before the file. */
export type Runtime = readonly [program: string, ...args: ReadonlyArray<string>]

/** Runs a program in the consumer's folder and returns what it printed. */
export const consume = async (
  folder: string,
  file: string,
  source: string,
  [program, ...args]: Runtime = [process.execPath],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> => {
  writeFileSync(join(folder, file), source)
  const env = { ...process.env, ...environment }
  return (await run(program, [...args, file], { cwd: folder, env })).stdout.trim()
}

/** Compiles a TypeScript program, and the packed declarations, with a compiler; returns its complaints. */
export const compile = async (
  folder: string,
  file: string,
  source: string,
  tsc: string,
  lib: ReadonlyArray<string>,
): Promise<string> => {
  writeFileSync(join(folder, file), source)
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    module: "nodenext",
    target: "es2022",
    lib,
    types: [],
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }))
  return run(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: folder }).then(
    () => "",
    (error: { readonly stdout: string }) => error.stdout,
  )
}

/** The blocks of a package's README in a language, in their order. */
export const readmeBlocks = (name: string, language: string): ReadonlyArray<string> => {
  const readme = readFileSync(join(packages, name, "README.md"), "utf8")
  return [...readme.matchAll(new RegExp("^```" + language + "\\n([\\s\\S]*?)^```$", "gm"))].map(
    ([, code = ""]) => code,
  )
}
