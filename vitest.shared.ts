import { defineConfig } from "vitest/config"

/** Every package tests alike; the JSON report is what `./run test` counts, so turbo keeps it with its cache. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    passWithNoTests: true,
    // A busy machine is slow, and no test is timed: this only ends what hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "json"],
    outputFile: { json: ".turbo/report.json" },
  },
})
