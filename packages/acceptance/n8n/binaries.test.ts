import { afterAll, beforeAll, describe } from "vitest"
import { isSkipped, openWorld, type World, whySkipped } from "./realN8n.ts"
import { storing } from "./suites/storing.ts"

/** The other places that n8n can keep files in; its own choice, the disk, is what every other test runs with. */
const places = [
  { mode: "default", where: "in its memory", storedAs: /^in the item$/ },
  { mode: "database", where: "in its database", storedAs: /^database:/ },
]

describe.skipIf(isSkipped).each(places)(
  `in a real n8n that keeps files $where${whySkipped}, the node`,
  ({ mode, storedAs }) => {
    let world: World | undefined
    const opened = (): World => {
      if (world === undefined) throw new Error("no n8n is running")
      return world
    }
    beforeAll(async () => {
      world = await openWorld({}, { N8N_DEFAULT_BINARY_DATA_MODE: mode })
    }, 180_000)
    afterAll(() => world?.[Symbol.asyncDispose](), 30_000)

    storing(opened, "separate", storedAs)
    // In memory, n8n leaves files where they are, whatever a workflow says.
    if (mode !== "default") storing(opened, "combined", storedAs)
  },
)
