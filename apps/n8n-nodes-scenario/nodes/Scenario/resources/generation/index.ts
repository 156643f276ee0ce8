import type { Resource } from "../../Operation.ts"
import { estimate } from "./estimate.ts"
import { generate } from "./generate.ts"
import { start } from "./start.ts"
import { wait } from "./wait.ts"

export const generation: Resource = {
  value: "generation",
  // Sorts first, in the panel and in n8n's list of actions.
  name: "AI Generation",
  description: "Generate images, video, audio, 3D models and text with any model",
  operations: [generate, estimate, start, wait],
  first: generate,
}
