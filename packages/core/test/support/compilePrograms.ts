import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const packageFolder = fileURLToPath(new URL("../../", import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc")

/** Compiles programs of this package, which import `../../src`. Returns the compiler's messages by the names of the programs. */
export const compilePrograms = (
  programs: ReadonlyArray<readonly [name: string, source: string]>,
): ReadonlyMap<string, string> => {
  const folder = mkdtempSync(join(packageFolder, "node_modules", "programs-"))
  try {
    for (const [name, source] of programs) writeFileSync(join(folder, `${name}.ts`), source)
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../../tsconfig.base.json",
        compilerOptions: { noEmit: true, composite: false, incremental: false, noUnusedLocals: false },
        files: programs.map(([name]) => `${name}.ts`),
      }),
    )
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
    })
    const messages = stdout.split(/\n(?=\S)/).filter((message) => message.trim() !== "")
    return new Map(messages.map((message) => [/(\w+)\.ts\(/.exec(message)?.[1] ?? "", message]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
