// The app as Zapier's CLI wants it: a folder of its own, with `dist` and Zapier's core in a flat node_modules, no links in it.
// `node stage.ts [folder]`, after a build; then `zapier-platform validate`, `build` or `push` in there.
import { execFileSync } from "node:child_process"
import { rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const folder = resolve(process.argv[2] ?? "out/stage")
rmSync(folder, { recursive: true, force: true })
const flat = ["--config.node-linker=hoisted", "--config.inject-workspace-packages=true"]
execFileSync("pnpm", ["--filter", "zapier-scenario", "deploy", "--prod", ...flat, folder], {
  stdio: "inherit",
})
// Zapier asks for the sources as well, and takes everything that git would.
writeFileSync(join(folder, ".gitignore"), "node_modules\nbuild\n.env\n")
