import { build } from "esbuild"
import { execFileSync } from "node:child_process"
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { measureStartTimes } from "./measureStartTimes.ts"

/** A client library for Promises, as its users install it. */
export interface ClientPackage {
  readonly name: string
  /** The package's files and those of its dependencies, unpacked. */
  readonly installedBytes: number
  readonly packages: number
  /** All that it exports, bundled by esbuild for browsers, minified. */
  readonly bundleBytes: number
  readonly gzipBytes: number
  /** A process that only imports the package. */
  readonly importMs: number
  readonly bareNodeMs: number
}

const packages = fileURLToPath(new URL("../../../", import.meta.url))
const ours = "@scenario-automation/client"
const peers = ["openai", "replicate", "@fal-ai/client"]

export const measureClientPackages = async (): Promise<ReadonlyArray<ClientPackage>> => {
  const folder = mkdtempSync(join(tmpdir(), "bench-clients-"))
  try {
    install(folder, ours, packClient(folder))
    for (const peer of peers) install(folder, peer, findPackage(import.meta.dirname, peer))
    const names = [ours, ...peers]
    const [bareNodeMs = 0, ...importTimes] = measureStartTimes(
      ["", ...names.map((name) => `import ${JSON.stringify(name)}`)].map((code) => [
        "--input-type=module",
        "--eval",
        code,
      ]),
      folder,
    )
    const measured = names.map(async (name, index) => ({
      name,
      ...weigh(join(folder, "node_modules", name)),
      ...(await bundle(folder, name)),
      importMs: importTimes[index] ?? 0,
      bareNodeMs,
    }))
    return await Promise.all(measured)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const install = (folder: string, name: string, source: string): void => {
  const place = join(folder, "node_modules", name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(source, place)
}

/** Builds our client and unpacks what would be published. */
const packClient = (folder: string): string => {
  const tsc = join(packages, "../node_modules/typescript/bin/tsc")
  execFileSync(process.execPath, [tsc, "-b", "tsconfig.build.json"], { cwd: join(packages, "core") })
  const cwd = join(packages, "client")
  execFileSync("node_modules/.bin/rolldown", ["-c", "rolldown.config.ts"], { cwd, stdio: "pipe" })
  const printed = execFileSync("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd })
  execFileSync("tar", ["-xzf", JSON.parse(printed.toString()).filename, "-C", folder])
  return join(folder, "package")
}

/** The folder of a package as another one finds it. */
const findPackage = (from: string, name: string): string => {
  for (let place = realpathSync(from); ; place = dirname(place)) {
    try {
      return realpathSync(join(place, "node_modules", name))
    } catch (error) {
      if (place === dirname(place)) throw error
    }
  }
}

const weigh = (folder: string): Pick<ClientPackage, "installedBytes" | "packages"> => {
  const found = new Set<string>()
  const visit = (place: string): void => {
    if (found.has(place)) return
    found.add(place)
    const { dependencies = {} } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"))
    for (const name of Object.keys(dependencies)) visit(findPackage(place, name))
  }
  visit(realpathSync(folder))
  const bytes = [...found].flatMap((place) =>
    globSync("**/*", { cwd: place, exclude: ["node_modules/**"] }).map((file) => statSync(join(place, file))),
  )
  return {
    installedBytes: bytes.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0),
    packages: found.size,
  }
}

const bundle = async (
  folder: string,
  name: string,
): Promise<Pick<ClientPackage, "bundleBytes" | "gzipBytes">> => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(name)}`, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
  })
  const code = outputFiles[0]?.contents ?? new Uint8Array()
  return { bundleBytes: code.length, gzipBytes: gzipSync(code).length }
}
