import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

export const nodePackage = join(import.meta.dirname, "../../../apps/n8n-nodes-scenario")

/** Builds the node's bundle. Tests don't call it, because turbo builds before them. */
export const buildNode = async (): Promise<void> => {
  await run("pnpm", ["run", "build"], { cwd: nodePackage })
}

/** Packs the node into this folder, as `npm publish` would send it, and returns the archive's path. */
export const packNode = async (folder: string): Promise<string> => {
  if (!existsSync(join(nodePackage, "dist"))) throw new Error("Build the node first: pnpm turbo run build")
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd: nodePackage })
  const packed: { readonly filename: string } = JSON.parse(stdout)
  return packed.filename
}
