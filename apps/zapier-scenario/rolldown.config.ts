import { defineConfig } from "rolldown"

/**
 * One readable file: core and Effect within, Zapier's own core beside it, because Zapier finds the app's version of it by the
 * manifest. Names stay, so that a stack in Zapier's log can be read.
 */
export default defineConfig({
  input: "src/index.ts",
  platform: "node",
  external: ["zapier-platform-core"],
  output: {
    file: "dist/index.js",
    format: "esm",
    comments: false,
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  },
  // Zapier runs apps on Node 22.
  transform: { target: "node22" },
})
