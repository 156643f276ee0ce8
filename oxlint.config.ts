// What a file may import depends on its folder, as in ARCHITECTURE.md.
import { defineConfig, type OxlintOverride } from "oxlint"

const ours = "@scenario-automation"
const hosts = ["client", "cli", "relay", "gallery", "demo"]
const tests = ["**/*.test.ts", "packages/*/test/**", "apps/*/test/**"]

interface Restriction {
  readonly regex: string
  readonly message: string
  readonly allowTypeImports?: boolean
  readonly importNames?: Array<string>
}

const insides: Restriction = {
  regex: `^${ours}/[^/]+/(src|dist|internal)/|^(\\.\\./)+(packages/)?(core|client|simulator|cli|relay|relay-contract|gallery|demo|bench|acceptance)/`,
  message: "Import from the other package's exports, not from its files.",
}
const promiseSource: Restriction = {
  regex: `^${ours}/core/promise$`,
  message: "Import @scenario-automation/client: core is published without core/promise.",
}
const anyOfOurs: Restriction = {
  regex: `^${ours}/`,
  message:
    "The simulator shares no code with what it tests: write the contract again, from the API's documentation.",
}
const valuesOfOurs: Restriction = {
  regex: `^${ours}/([^/]+|core/(host|node|promise))$`,
  message:
    "The gallery is a pure function of plain data: it imports our types, and the meaning of a status, but no other code.",
  allowTypeImports: true,
}
const anyHost: Restriction = {
  regex: `^${ours}/(${hosts.join("|")}|relay-contract)(/|$)`,
  message: "Core knows no host: pass it what it needs from the host.",
}
const simulator: Restriction = {
  regex: `^${ours}/simulator(/|$)`,
  message: "Only tests run against the simulator.",
}
const node: Restriction = {
  regex: "^node:",
  message: "Core also runs in browsers and Workers: get Node's modules from src/node/nodeModules.ts.",
  allowTypeImports: true,
}
const http: Restriction = {
  regex: "^effect/http(/|$)",
  message:
    "Core sends over its HttpTransport; effect/http is 30 kB, for a host's transport.ts and its tests.",
}
const schema: Restriction = {
  regex: "^effect/Schema$",
  message: "Schema is 40 kB of a host's bundle: read JSON with core's src/api/readers.ts.",
}

const effectBarrel: Restriction = {
  regex: "^effect(/encoding)?$",
  message:
    'Write `import * as Effect from "effect/Effect"`: from `effect` itself, esbuild bundles 150 kB that nothing uses.',
}

/** Only the last override that matches a file applies, so each lists all of its rules. */
const within = (
  files: Array<string>,
  restrictions: Array<Restriction>,
  excludeFiles: Array<string> = [],
): OxlintOverride => ({
  files,
  excludeFiles,
  rules: { "no-restricted-imports": ["error", { patterns: [insides, promiseSource, ...restrictions] }] },
})

const isHost = [
  ...["cli", "relay", "demo"].map((host) => `packages/${host}/src/**`),
  "apps/*/src/**",
  "apps/*/nodes/**",
  "apps/*/credentials/**",
]

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "vitest", "node"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["**/dist/**", "**/node_modules/**", "out/**"],
  rules: {
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "typescript/consistent-type-imports": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],

    "typescript/consistent-return": "off", // the compiler does it better: it sees that a switch is exhaustive
    "import/no-unassigned-import": "off",
    "no-await-in-loop": "off", // many requests are sent one after the other on purpose
    "no-shadow": "off",
    "no-underscore-dangle": "off", // `_tag` is how Effect names its cases
    "no-unmodified-loop-condition": "off", // it doesn't see what another fiber changes
    "oxc/no-async-endpoint-handlers": "off", // Express 5 handles a rejected promise
    "oxc/no-map-spread": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/require-module-specifiers": "off", // `export {}` makes a file a module
  },
  overrides: [
    within(["packages/**", "apps/**", "examples/**"], [], ["packages/client/**"]),
    // The relay is a server: its HTTP is effect/http's, in one folder.
    within(
      isHost,
      [http],
      ["**/transport.ts", "packages/relay/src/http/**", "packages/relay/src/main.ts", ...tests],
    ),
    within(["packages/simulator/**"], [anyOfOurs]),
    within(["packages/gallery/**"], [valuesOfOurs]),
    within(["packages/relay-contract/**"], [anyOfOurs]),
    within(["packages/core/src/**"], [anyHost, simulator, node, http, schema, effectBarrel]),
    within(["packages/core/src/**/*.test.ts", "packages/core/test/**"], [anyHost]),
  ],
})
