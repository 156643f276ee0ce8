import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { defineConfig } from "rolldown"
import { dts } from "rolldown-plugin-dts"
import { licensesFile, thirdPartyLicenses } from "../../scripts/package/thirdPartyLicenses.ts"

const { version } = JSON.parse(readFileSync("package.json", "utf8"))

const declarations = fileURLToPath(new URL("../core/dist/promise.d.ts", import.meta.url))
const plainErrors = fileURLToPath(new URL("types/TaggedError.d.ts", import.meta.url))

export default defineConfig([
  {
    input: "src/index.ts",
    // The same file runs in Node, Bun, Deno, browsers, and Workers.
    platform: "neutral",
    resolve: { mainFields: ["module", "main"], conditionNames: ["import", "default"] },
    transform: { target: "es2022" },
    output: {
      dir: "dist",
      cleanDir: true,
      format: "esm",
      codeSplitting: false,
      comments: false,
      // Names stay, for stack traces and `error.name`.
      minify: { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true } },
      postBanner: `/*! @scenario-automation/client ${version}, MIT. Licenses of bundled code: ${licensesFile} */`,
    },
    plugins: [thirdPartyLicenses()],
  },
  {
    // Core's declarations, which tsc wrote.
    input: { index: declarations },
    external: /^effect/,
    output: { dir: "dist", format: "esm", postBanner: `/// <reference lib="esnext.disposable" />` },
    plugins: [
      {
        name: "errors-without-effect",
        resolveId: {
          order: "pre",
          handler: (id) => (/\/TaggedError\.(d\.)?ts$/.test(id) ? plainErrors : undefined),
        },
        generateBundle(_, output) {
          for (const file of Object.values(output)) {
            const [line] = (file.type === "chunk" && /^import .*|import\(".*/m.exec(file.code)) || []
            if (line !== undefined) this.error(`The client's declarations can't import anything: ${line}`)
          }
        },
      },
      dts({ dtsOnly: true, generator: "oxc", sourcemap: false }),
    ],
  },
])
