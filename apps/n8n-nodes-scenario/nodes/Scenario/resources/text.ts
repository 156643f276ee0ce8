import type { EndpointName } from "@scenario-automation/core"
import { Effect } from "effect"
import { textOptions } from "../fields/options.ts"
import { inputsField } from "../fields/target.ts"
import { generateItem } from "../generating.ts"
import { requestOf } from "../inputs/requestOf.ts"
import type { Operation, Resource } from "../Operation.ts"

const writing = (endpoint: EndpointName, name: string, action: string, description: string): Operation => ({
  value: endpoint,
  name,
  action,
  description,
  fields: [inputsField("resource", "operation"), textOptions],
  run: (item) => Effect.flatMap(requestOf(item, { endpoint }), (request) => generateItem(item, request)),
})

const prompt = writing(
  "prompt",
  "Prompt",
  "Write prompts",
  "Write, complete or invent prompts with Prompt Spark",
)

export const text: Resource = {
  value: "text",
  name: "Text",
  description: "Words for prompts and about images",
  operations: [
    writing("caption", "Caption", "Caption images", "Describe images in words"),
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
