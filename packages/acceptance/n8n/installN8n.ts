import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import { install, type Installed, quiet } from "../bring.ts"

/** Pinned, because the newest n8n is not always installable: a package of it can be missing (docs/decisions/0008). */
const n8nVersion = "2.41.1"

/** The folder of the pinned n8n (two gigabytes, fetched once), or a sentence that says why it can't be installed. */
export const installN8n = (): Installed => {
  if (process.env["SCENARIO_SKIP_N8N"] === "1")
    return { missing: "The real n8n is skipped, as SCENARIO_SKIP_N8N=1 asks." }
  const installed = install("n8n", n8nVersion, compileDatabase)
  if ("folder" in installed) return installed
  return {
    missing: `The tests in a real n8n are skipped: n8n ${n8nVersion} could not be installed (${installed.missing}). They need npm's registry once, and a C++ compiler.`,
  }
}

/** Only n8n's database has to be compiled: all other install scripts are skipped. */
const compileDatabase = (folder: string): void => {
  execFileSync("npm", ["rebuild", "sqlite3", ...quiet], {
    cwd: folder,
    env: { ...process.env, ...getHeaders() },
    stdio: "pipe",
    timeout: 5 * 60_000,
  })
  if (!existsSync(join(folder, "node_modules/sqlite3/build/Release/node_sqlite3.node")))
    throw new Error("its database could not be compiled")
}

/** Uses Node's headers if they are beside the binary; else npm downloads them. */
const getHeaders = (): Record<string, string> => {
  const folder = join(dirname(process.execPath), "..")
  return existsSync(join(folder, "include/node/node_api.h")) ? { npm_config_nodedir: folder } : {}
}
