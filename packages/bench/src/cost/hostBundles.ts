import { execFileSync } from "node:child_process"
import { globSync, statSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { measureStartTimes } from "./measureStartTimes.ts"

/** The published bundle of a host, made by its own build. */
export interface HostBundle {
  readonly host: "n8n" | "zapier"
  /** The published JavaScript. */
  readonly bytes: number
  /** A process that loads only the host's own package. */
  readonly withoutMs: number
  /** The same, plus our bundle. */
  readonly withMs: number
}

const apps = fileURLToPath(new URL("../../../../apps/", import.meta.url))

export const measureHostBundles = (): ReadonlyArray<HostBundle> => [
  measureHost({
    host: "n8n",
    app: join(apps, "n8n-nodes-scenario"),
    build: [process.execPath, "build/bundle.mjs"],
    brings: `require("n8n-workflow");`,
    ours: `require("./dist/nodes/Scenario/Scenario.node.js");`,
  }),
  measureHost({
    host: "zapier",
    app: join(apps, "zapier-scenario"),
    build: ["node_modules/.bin/rolldown", "-c", "rolldown.config.ts"],
    brings: `require("zapier-platform-core");`,
    ours: `require("./dist/index.js");`,
  }),
]

const measureHost = ({
  host,
  app,
  build: [program = "", ...args],
  brings,
  ours,
}: {
  readonly host: HostBundle["host"]
  readonly app: string
  readonly build: ReadonlyArray<string>
  readonly brings: string
  readonly ours: string
}): HostBundle => {
  execFileSync(program, args, { cwd: app, stdio: "pipe" })
  const files = globSync("dist/**/*.js", { cwd: app })
  const [withoutMs = 0, withMs = 0] = measureStartTimes(
    [brings, brings + ours].map((code) => ["--eval", code]),
    app,
  )
  return {
    host,
    bytes: files.reduce((sum, file) => sum + statSync(join(app, file)).size, 0),
    withoutMs,
    withMs,
  }
}
