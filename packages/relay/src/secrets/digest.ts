import { createHash } from "node:crypto"

/** A short hash of a value's JSON, for IDs and comparisons: 192 bits in base64url. */
export const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 32)
