import { createHash } from "node:crypto"
import { gzipSync } from "node:zlib"
import type { ActiveFault } from "../Faults.ts"

/** A file as the CDN keeps it. */
export interface StoredFile {
  readonly bytes: Buffer
  /** What the file is sent with, beside its length. */
  readonly headers: Readonly<Record<string, string>>
  readonly hasRanges: boolean
}

/** The first kilobyte of a changed file stays: it is of the same type. */
const unchangedBytes = 1024

/** The file of these bytes, the way the faults of a storage want it. */
export const storedFile = (
  original: Buffer,
  contentType: string,
  faults: readonly ActiveFault[],
): StoredFile => {
  const has = (name: ActiveFault["name"]) => faults.some((fault) => fault.name === name)
  const isZipped = has("stored-gzip")
  const changed = has("changed-file") ? changedBytes(original) : original
  const bytes = isZipped ? gzipSync(changed) : changed
  const digest = createHash("md5").update(bytes).digest("hex")
  const hasRanges = !has("no-ranges")
  return {
    bytes,
    hasRanges,
    headers: {
      "content-type": contentType,
      "cache-control": "private, max-age=3600",
      ...(hasRanges
        ? { "accept-ranges": "bytes", etag: has("changed-etag") ? `"changed-${digest}"` : `"${digest}"` }
        : {}),
      ...(isZipped ? { "content-encoding": "gzip" } : {}),
    },
  }
}

const changedBytes = (original: Buffer): Buffer =>
  Buffer.from(original.map((byte, index) => (index < unchangedBytes ? byte : byte ^ 0x55)))
