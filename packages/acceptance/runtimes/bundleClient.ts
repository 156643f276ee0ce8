import { build } from "esbuild"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The client as it is published. Turbo builds it before these tests run. */
const client = fileURLToPath(new URL("../../client/dist/index.js", import.meta.url))

/** Writes `source`, with the published client in the same file, as esbuild bundles it for browsers. */
export const bundleClient = async (folder: string, name: string, source: string): Promise<string> => {
  const entryPoint = join(folder, `${name}.entry.mjs`)
  writeFileSync(entryPoint, source)
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    alias: { "@scenario-automation/client": client },
    logLevel: "silent",
  })
  return outfile
}
