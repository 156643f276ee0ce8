import { count, prompt, seed, side } from "./inputs.ts"
import type { ModelInput, ModelOutput, ModelRecord } from "./ModelRecord.ts"

const output: ModelOutput = {
  kind: "image",
  mimeType: "image/png",
  duration: "image",
  style: "painting",
  assetType: "txt2img",
  countInput: "numOutputs",
  unitPrice: 4,
}

const common = {
  accessRestrictions: 0,
  status: "trained",
  capabilities: ["txt2img"],
  tags: [],
  output,
} as const

/** The LoRA inputs of a base model. As in the live API, the strength is optional and has no default. */
const loraInputs = (
  types: ReadonlyArray<string>,
  modelIdTypes = types,
  maxLength = 6,
): ReadonlyArray<ModelInput> => [
  { name: "modelId", type: "model", label: "LoRA or composition", modelTypes: modelIdTypes, default: "" },
  { name: "loras", type: "model_array", label: "LoRAs", modelTypes: types, maxLength, default: [] },
  { name: "lorasScale", type: "number_array", label: "LoRA scale", min: 0, max: 2, step: 0.05 },
]

const base = (model: Pick<ModelRecord, "id" | "name">, loras: ReadonlyArray<ModelInput>): ModelRecord => ({
  ...common,
  ...model,
  shortDescription: "Runs LoRAs of its family.",
  type: "custom",
  custom: true,
  privacy: "public",
  trainingImagesNumber: 0,
  inputs: [...loras, prompt, count("numOutputs", 4), side("width"), side("height"), seed],
})

const trained = (
  model: Pick<ModelRecord, "id" | "name" | "type" | "compliantModelIds" | "concepts">,
): ModelRecord => ({
  ...common,
  ...model,
  shortDescription: "Trained on 15 pictures.",
  custom: false,
  privacy: "private",
  trainingImagesNumber: 15,
  inputs: [],
})

/** Two base models with their documented IDs, and trained models of their families. */
export const loraModels: ReadonlyArray<ModelRecord> = [
  base(
    { id: "model_bfl-flux-1-dev", name: "FLUX.1 Dev" },
    loraInputs(["flux.1-lora"], ["flux.1-lora", "flux.1-composition"]),
  ),
  base(
    { id: "model_bfl-flux-2-dev", name: "FLUX.2 Dev" },
    loraInputs(["flux.2-dev-lora", "flux.2-dev-edit-lora"]),
  ),
  trained({
    id: "model_own-portraits",
    name: "My portraits",
    type: "flux.2-dev-lora",
    compliantModelIds: ["flux.2-dev", "model_bfl-flux-2-dev"],
  }),
  trained({
    id: "model_own-heroes",
    name: "My heroes",
    type: "flux.1-composition",
    concepts: [{ modelId: "model_own-watercolor", scale: 0.7 }],
  }),
]
