import type { GenerationRequest } from "@scenario-automation/core"
import type { Item } from "./Item.ts"

/**
 * Names a request within an execution: the item's place and what the user has set for it. Files count by name, size and
 * content, or by the id that n8n keeps them under.
 */
export const getRequestKey = ({ index }: Item, request: GenerationRequest): string =>
  `${index} ${JSON.stringify(request, (_, value: unknown) => (value instanceof Uint8Array ? digest(value) : value))}`

/** FNV-1a: tells two files of an item apart, and nothing more. */
const digest = (bytes: Uint8Array): string => {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return `${bytes.length}:${hash >>> 0}`
}
