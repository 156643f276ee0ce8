import type { ModelInput } from "./ModelRecord.ts"

// Inputs that several models share.

export const prompt: ModelInput = {
  name: "prompt",
  type: "string",
  label: "Prompt",
  description: "What the result should show.",
  placeholder: "a red house on a hill",
  maxLength: 2000,
  prompt: true,
  promptSpark: true,
  required: { always: true },
}

export const seed: ModelInput = {
  name: "seed",
  type: "number",
  label: "Seed",
  min: 0,
  max: 2147483647,
  step: 1,
  group: "advanced",
}

export const count = (name: string, max: number): ModelInput => ({
  name,
  type: "number",
  label: "Results",
  min: 1,
  max,
  step: 1,
  default: 1,
  costImpact: true,
})

export const side = (name: string): ModelInput => ({
  name,
  type: "number",
  label: name === "width" ? "Width" : "Height",
  min: 256,
  max: 2048,
  step: 16,
  default: 1024,
  costImpact: true,
  group: "size",
})

export const aspectRatio: ModelInput = {
  name: "aspectRatio",
  type: "string",
  label: "Aspect ratio",
  allowedValues: ["1:1", "16:9", "9:16", "4:3", "3:4"],
  default: "16:9",
}

export const sourceImage: ModelInput = {
  name: "image",
  type: "file",
  kind: "image",
  label: "Image",
  description: "The picture to start from.",
  maxSize: 20_000_000,
  parent: true,
}
