import { createRequire } from "node:module"
import { defineConfig, mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

// Its other half, for bundlers, is no ESM that Node can load.
const commonJs = createRequire(import.meta.url).resolve("n8n-workflow")

export default mergeConfig(shared, defineConfig({ resolve: { alias: { "n8n-workflow": commonJs } } }))
