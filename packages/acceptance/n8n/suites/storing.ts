import { assert, it } from "vitest"
import type { BinaryFile, OutputItem } from "../N8nApi.ts"
import { getError, getOutput, expectPaid, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, type Workflow, makeWorkflow } from "../Workflow.ts"

/** n8n keeps files beside an item's JSON (`separate`), or in it under `_files` (`combined`). */
export type BinaryMode = "separate" | "combined"

const drawing = (id: string, value: Readonly<Record<string, unknown>>) =>
  scenarioNode(
    {
      resource: "generation",
      operation: "generate",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      inputs: inputs(value),
    },
    { id, name: id },
  )

const inMode = (workflow: Workflow, binaryMode: BinaryMode): Workflow => ({
  ...workflow,
  settings: { ...workflow.settings, binaryMode },
})

const isFiles = (value: unknown): value is Readonly<Record<string, BinaryFile>> =>
  typeof value === "object" && value !== null

/** An item's files, beside its JSON or in it. */
const listFiles = ({ json, binary }: OutputItem): Readonly<Record<string, BinaryFile>> =>
  binary ?? (isFiles(json["_files"]) ? json["_files"] : {})

export const storing = (world: () => World, binaryMode: BinaryMode, storedAs: RegExp): void => {
  it(`stores every file byte for byte, and reads it again as an input (${binaryMode})`, async () => {
    const { api, simulator } = world()
    const rows = ["a red house", "a blue boat"].map((prompt) => ({ json: { prompt } }))
    const workflow = makeWorkflow(
      `stored-${binaryMode}`,
      rows,
      drawing("Draw", { prompt: "={{ $json.prompt }}", numOutputs: 2 }),
      drawing("Again", { prompt: "at night", referenceImages: "data, data_2" }),
    )
    const execution = await expectPaid(world(), 4, () => api.run(inMode(workflow, binaryMode)))
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution, "Again")))
    const items = [...getOutput(execution, "Draw"), ...getOutput(execution, "Again")]
    assert.deepStrictEqual(
      items.map((item) => Object.keys(listFiles(item))),
      [["data", "data_2"], ["data", "data_2"], ["data"], ["data"]],
    )
    for (const item of items) {
      const assets = item.json["assets"]
      assert.isArray(assets)
      for (const asset of Array.isArray(assets) ? assets : []) {
        const file = listFiles(item)[asset.binaryField]
        assert.isDefined(file)
        assert.match(file.id ?? "in the item", storedAs)
        const made = await fetch(asset.url)
        assert.isTrue((await api.bytes(file)).equals(Buffer.from(await made.arrayBuffer())), asset.assetId)
        assert.strictEqual(file.mimeType, "image/png")
        assert.match(file.fileName ?? "", /\.png$/)
      }
    }
    // The uploaded files equal the generated ones: two images for each row.
    const uploaded = simulator.ledger().entries.slice(-2)
    for (const { body } of uploaded) {
      assert.match(JSON.stringify(body), /"referenceImages":\["asset_\w+","asset_\w+"\]/)
    }
  })

  it(`takes a file from an expression, or says why it can't (${binaryMode})`, async () => {
    const { api } = world()
    const isKept = !storedAs.test("in the item")
    const expression = binaryMode === "separate" ? "={{ $binary.data }}" : "={{ $json._files.data }}"
    const workflow = makeWorkflow(
      `given-${binaryMode}`,
      [{ json: {} }],
      drawing("Draw", { prompt: "a house" }),
      scenarioNode({ resource: "asset", operation: "upload", file: expression }, { id: "up", name: "Up" }),
    )
    const execution = await expectPaid(world(), 1, () => api.run(inMode(workflow, binaryMode)))
    if (!isKept) {
      assert.match(
        getError(execution, "Up")?.description ?? "",
        /^Enter the name of the binary field instead/,
      )
      return
    }
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution, "Up")))
    assert.match(String(getOutput(execution, "Up")[0]?.json["assetId"]), /^asset_/)
  })
}
