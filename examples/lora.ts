// Runs one of your own LoRAs by its name.
//
// A LoRA can't run by itself. The client finds the base model of its family, checks your inputs against that model, and submits
// to it.
//
//   node lora.ts "My watercolors"

import { createScenario } from "@scenario-automation/client"

const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('Pass the name of your LoRA: node lora.ts "My watercolors"')

const scenario = createScenario()

const lora = await scenario.models.findByName(name)
if (lora === undefined) throw new Error(`You have no model named ${name}.`)

const { base, inputs = [] } = await scenario.models.describe(lora.modelId)
console.log(`runs on ${base?.name ?? lora.modelId}, with ${inputs.map((input) => input.name).join(", ")}`)

const { assets } = await scenario.generate(
  {
    model: lora.modelId,
    strength: 0.8,
    inputs: { prompt: "a red house by the sea" },
    // To combine several of one family: loras: [{ model: "model_…", strength: 0.4 }]
  },
  { maxCost: 20 },
)
for (const file of await scenario.saveAll(assets, "pictures")) console.log(file.path)
