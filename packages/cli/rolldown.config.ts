import { defineConfig } from "rolldown"
import { thirdPartyLicenses } from "../../scripts/package/thirdPartyLicenses.ts"

/** Everything that `scenario` needs. What only some commands use is in files that are loaded when it is needed. */
export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  transform: { target: "node22" },
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    chunkFileNames: "[name].js",
    comments: false,
    minify: { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true } },
  },
  plugins: [thirdPartyLicenses()],
})
