import type { Resource } from "../../Operation.ts"
import { estimate } from "./estimate.ts"
import { generate } from "./generate.ts"
import { start } from "./start.ts"
import { wait } from "./wait.ts"

export const generation: Resource = {
  value: "generation",
  name: "Generation",
  description: "Images, video, audio, 3D and text from any model",
  operations: [estimate, generate, start, wait],
  first: generate,
}
