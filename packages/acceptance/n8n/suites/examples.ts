import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "vitest"
import { nodePackage } from "../packNode.ts"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import type { Workflow } from "../Workflow.ts"
import { assertFiles } from "./generating.ts"

const folder = join(nodePackage, "examples")
const example = (file: string): Workflow => ({
  ...JSON.parse(readFileSync(join(folder, file), "utf8")),
  id: file.replace(".json", "").padEnd(16, "-").slice(0, 16),
  active: false,
})

export const examples = (world: () => World): void => {
  it("are workflows that n8n takes, of nodes that it knows", async () => {
    const { api } = world()
    const known = new Set((await api.nodeTypes()).map(({ name }) => name))
    for (const file of readdirSync(folder)) {
      const workflow = example(file)
      for (const { type } of workflow.nodes) assert.isTrue(known.has(type), `${file}: ${type}`)
      await api.save(api.withCredentials(workflow))
    }
  })

  it("make a file of each row of the sheet", async () => {
    const { api } = world()
    const execution = await paying(world(), 3, () => api.run(example("batch-from-a-sheet.json")))
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution, "Draw")))
    const items = outputOf(execution, "Made?")
    assert.deepStrictEqual(
      items.map(({ binary }) => binary?.["data"]?.fileName),
      [
        "a red house by the sea, gouache-1.png",
        "a fishing boat at dawn, gouache-1.png",
        "a market under striped awnings, gouache-1.png",
      ],
    )
    for (const item of items) await assertFiles(world(), item)
  })
}
