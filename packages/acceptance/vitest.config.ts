import { defineConfig, mergeConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import shared from "../../vitest.shared.ts"

/** The longest first, so that the two workers end together. */
const longest = [
  "n8n/n8n.test.ts",
  "n8n/binaries.test.ts",
  "n8n/trigger.test.ts",
  "consumers/consumers.test.ts",
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rank(one) - rank(other))
  }
}

const rank = ({ moduleId }: TestSpecification): number => {
  const index = longest.findIndex((file) => moduleId.endsWith(file))
  return index === -1 ? longest.length : index
}

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      include: ["**/*.test.ts"],
      testTimeout: 120_000,
      // These tests mostly wait for other processes.
      maxWorkers: 2,
      sequence: { sequencer: LongestFirst },
    },
  }),
)
