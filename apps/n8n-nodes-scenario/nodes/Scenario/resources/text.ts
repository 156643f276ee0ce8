import { textOptions } from "../fields/options.ts"
import type { Resource } from "../Operation.ts"
import { makeEndpointOperation } from "./makeEndpointOperation.ts"

const makeTextOperation = makeEndpointOperation(textOptions)

const prompt = makeTextOperation(
  "prompt",
  "Prompt",
  "Write prompts",
  "Write, complete or invent prompts with Prompt Spark",
)

export const text: Resource = {
  value: "text",
  name: "Text",
  description: "Write prompts, describe images and translate text",
  operations: [
    makeTextOperation("caption", "Caption", "Caption images", "Describe images in text"),
    makeTextOperation(
      "describe-style",
      "Describe Style",
      "Describe the style of images",
      "Describe the style of images or of a model",
    ),
    makeTextOperation("embed", "Embed", "Embed a text", "Turn a text into a vector of numbers"),
    prompt,
    makeTextOperation("translate", "Translate", "Translate a prompt", "Translate a text into English"),
  ],
  first: prompt,
}
