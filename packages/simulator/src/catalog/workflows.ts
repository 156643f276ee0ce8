import { prompt, seed } from "./inputs.ts"
import type { WorkflowRecord } from "./WorkflowRecord.ts"

const ready = { status: "ready", privacy: "private", inputs: [prompt, seed] } as const

/** The workflows of the simulated account. */
export const catalogWorkflows: ReadonlyArray<WorkflowRecord> = [
  {
    ...ready,
    id: "wflow_sprite-sheet",
    name: "Sprite",
    description: "A picture without its background.",
    tags: ["sprites"],
    price: 7,
    nodes: [
      { id: "draw", type: "custom-model", modelId: "model_canvas-image-2", durationMs: 9000, assetCount: 1 },
      { id: "cut-out", type: "remove-background", durationMs: 4000, assetCount: 1 },
    ],
  },
  {
    ...ready,
    id: "wflow_approved-poster",
    name: "Approved poster",
    description: "Waits for a person before the expensive step.",
    tags: [],
    price: 20,
    nodes: [
      { id: "sketch", type: "custom-model", modelId: "model_flux-composer", durationMs: 8000, assetCount: 1 },
      { id: "approval", type: "user-approval" },
      {
        id: "poster",
        type: "custom-model",
        modelId: "model_canvas-image-2",
        durationMs: 12000,
        assetCount: 1,
      },
    ],
  },
  {
    ...ready,
    id: "wflow_pick-one",
    name: "Pick one",
    description: "A person picks among four.",
    tags: [],
    price: 16,
    nodes: [
      { id: "drafts", type: "custom-model", modelId: "model_flux-composer", durationMs: 8000, assetCount: 4 },
      { id: "choice", type: "user-selection" },
      {
        id: "finish",
        type: "custom-model",
        modelId: "model_canvas-image-2",
        durationMs: 10000,
        assetCount: 1,
      },
    ],
  },
  {
    ...ready,
    id: "wflow_public-portrait",
    name: "Portrait",
    description: "An app that everyone can run.",
    tags: ["featured"],
    price: 6,
    privacy: "public",
    nodes: [
      {
        id: "portrait",
        type: "custom-model",
        modelId: "model_canvas-image-2",
        durationMs: 9000,
        assetCount: 1,
      },
    ],
  },
  {
    ...ready,
    id: "wflow_draft",
    name: "Unfinished",
    description: "A draft.",
    tags: [],
    price: 1,
    status: "draft",
    inputs: [prompt],
    nodes: [],
  },
]
