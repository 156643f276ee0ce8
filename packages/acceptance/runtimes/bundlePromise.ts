import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

/** Writes `source`, with the Promise front and all that it needs in the same file, as an ES module that runs anywhere. */
export const bundlePromise = async (folder: string, name: string, source: string): Promise<string> => {
  const entry = join(folder, `${name}.entry.mjs`)
  writeFileSync(entry, source)
  const bundle = await rolldown({
    input: entry,
    platform: "neutral",
    external: /^node:/,
    resolve: {
      alias: {
        "@scenario-automation/core/promise": fileURLToPath(
          import.meta.resolve("@scenario-automation/core/promise"),
        ),
      },
      mainFields: ["module", "main"],
      conditionNames: ["import", "default"],
    },
    logLevel: "silent",
  })
  const file = join(folder, `${name}.mjs`)
  await bundle.write({ file, format: "esm", codeSplitting: false })
  await bundle.close()
  return file
}
