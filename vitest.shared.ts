import process from "node:process"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

/** Shared by all packages. `./run test` counts the JSON report, so turbo keeps it with its cache. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    passWithNoTests: true,
    setupFiles: [fileURLToPath(new URL("vitest.processes.ts", import.meta.url))],
    // A busy machine is slow, and no test is timed: this only ends what hangs.
    testTimeout: 180_000,
    // On CI, processes, sockets, and n8n share a busy machine, so a failed test runs once more and the report shows both.
    // Locally, flaky tests should fail.
    retry: process.env["CI"] === "true" ? 1 : 0,
    hookTimeout: 180_000,
    reporters: ["default", "json"],
    outputFile: { json: ".turbo/report.json" },
  },
})
