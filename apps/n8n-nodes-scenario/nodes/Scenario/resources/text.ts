import { textOptions } from "../fields/options.ts"
import type { Resource } from "../Operation.ts"
import { endpointOperation } from "./endpointOperation.ts"

const writing = endpointOperation(textOptions)

const prompt = writing(
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
    writing("caption", "Caption", "Caption images", "Describe images in text"),
    writing(
      "describe-style",
      "Describe Style",
      "Describe the style of images",
      "Describe the style of images or of a model",
    ),
    writing("embed", "Embed", "Embed a text", "Turn a text into a vector of numbers"),
    prompt,
    writing("translate", "Translate", "Translate a prompt", "Translate a text into English"),
  ],
  first: prompt,
}
