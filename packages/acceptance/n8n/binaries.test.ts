import { afterAll, beforeAll, describe } from "vitest"
import { isSkipped, openWorld, type World, whySkipped } from "./realN8n.ts"
import { storing } from "./suites/storing.ts"

/** The other modes for storing files; all other tests run with n8n's default, the disk. */
const places = [
  { mode: "default", place: "in its memory", storedAs: /^in the item$/ },
  { mode: "database", place: "in its database", storedAs: /^database:/ },
]

describe.skipIf(isSkipped).each(places)(
  `in a real n8n that keeps files $place${whySkipped}, the node`,
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
    // In memory mode, n8n ignores a workflow's `binaryMode`.
    if (mode !== "default") storing(opened, "combined", storedAs)
  },
)
