import type { GenerationRequest } from "@scenario-automation/core"
import type { Item } from "./Item.ts"

/**
 * Identifies a request within an execution, by its item and inputs. Files count by name, size, and content, or by n8n's ID
 * of the stored file.
 */
export const getRequestKey = ({ index }: Item, request: GenerationRequest): string =>
  `${index} ${JSON.stringify(request, (_, value: unknown) => (value instanceof Uint8Array ? digest(value) : value))}`

/** FNV-1a, which is enough to distinguish the files of an item. */
const digest = (bytes: Uint8Array): string => {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return `${bytes.length}:${hash >>> 0}`
}
