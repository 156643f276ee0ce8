import { mergeConfig } from "vitest/config"
import shared from "../../vitest.shared.ts"

// Tests start real processes, and several packages are tested at once.
export default mergeConfig(shared, { test: { testTimeout: 180_000, maxConcurrency: 3 } })
