import { defineConfig, mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

// Real sockets and, where a step's 25 seconds are the matter, real seconds: most of them are slept through.
export default mergeConfig(shared, defineConfig({ test: { testTimeout: 30_000, maxWorkers: 8 } }))
