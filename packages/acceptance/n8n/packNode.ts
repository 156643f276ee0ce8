import { execFile } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

export const nodePackage = join(import.meta.dirname, "../../../apps/n8n-nodes-scenario")

/** The node as `npm publish` would send it: built and packed. */
export const packNode = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "n8n-node-"))
  await run("pnpm", ["run", "build"], { cwd: nodePackage })
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd: nodePackage })
  const packed: { readonly filename: string } = JSON.parse(stdout)
  return packed.filename
}
