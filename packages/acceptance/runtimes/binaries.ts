import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const { platform, arch } = process

/** The npm package with each runtime's binary for this platform. */
const programs = {
  deno: { host: `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`, file: "deno" },
  bun: { host: `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`, file: "bin/bun" },
  workerd: { host: `@cloudflare/workerd-${platform}-${arch === "x64" ? "64" : arch}`, file: "bin/workerd" },
} as const

/** A runtime's program; `undefined` if npm has none for this platform, or it wasn't installed. */
export const findBinary = (runtime: keyof typeof programs): string | undefined => {
  const { host, file } = programs[runtime]
  try {
    const around = createRequire(import.meta.resolve(`${runtime}/package.json`))
    return join(dirname(around.resolve(`${host}/package.json`)), file)
  } catch {
    return undefined
  }
}

/** Why a test can't run here. */
export const whyMissing = (runtime: string): string =>
  `skipped: ${runtime}'s npm package for ${platform}-${arch} isn't installed on this machine`
