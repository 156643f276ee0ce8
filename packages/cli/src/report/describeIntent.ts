import type { SubmitIntent } from "@scenario-automation/core"
import { shortenToCells } from "../display/cells.ts"

/** `The submit of 2026-01-31T12:00:00.000Z (txt2img, "a red house")`. */
export const describeIntent = ({ path, inputs, sentAt, notBefore }: SubmitIntent): string => {
  const prompt = inputs["prompt"] ?? inputs["text"]
  const target = path
    .replace(/^\/generate\/(custom\/)?/, "")
    .replace(/^\/workflows\/(.*)\/run$/, "workflow:$1")
  const words = typeof prompt === "string" ? `, ${JSON.stringify(shortenToCells(prompt, 50))}` : ""
  return `The submit of ${sentAt ?? notBefore} (${target}${words})`
}
