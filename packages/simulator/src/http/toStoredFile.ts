import { createHash } from "node:crypto"
import { gzipSync } from "node:zlib"
import type { ActiveFault } from "../Faults.ts"

/** A file as the CDN stores it. */
export interface StoredFile {
  readonly bytes: Buffer
  /** The headers of a response with this file, except its length. */
  readonly headers: Readonly<Record<string, string>>
  readonly hasRanges: boolean
  /** Whether a Range request gets 206 with the whole file and without Content-Range. */
  readonly sendsUnnamedParts: boolean
}

/** A changed file keeps its first bytes, so that it has the same type. */
const unchangedBytes = 1024

/** Stores a file, changed by the faults of the CDN. */
export const toStoredFile = (
  original: Buffer,
  contentType: string,
  faults: ReadonlyArray<ActiveFault>,
): StoredFile => {
  const find = (name: ActiveFault["name"]) => faults.find((fault) => fault.name === name)
  const has = (name: ActiveFault["name"]) => find(name) !== undefined
  const isZipped = has("stored-gzip")
  const changeSize = find("changed-size")
  const changeSeed = has("changed-file")
    ? changeBytes(original)
    : changeSize === undefined
      ? original
      : insertBytes(original, changeSize.options.extraBytes ?? 100)
  const short = find("short-file")
  const kept =
    short === undefined
      ? changeSeed
      : changeSeed.subarray(0, short.options.afterBytes ?? Math.floor(changeSeed.length / 2))
  const bytes = isZipped ? gzipSync(kept) : kept
  const digest = createHash("md5").update(bytes).digest("hex")
  const hasRanges = !has("no-ranges")
  return {
    bytes,
    hasRanges,
    sendsUnnamedParts: has("unnamed-part"),
    headers: {
      "content-type": contentType,
      "cache-control": "private, max-age=3600",
      ...(hasRanges ? { "accept-ranges": "bytes" } : {}),
      ...(hasRanges && !has("no-validators")
        ? { etag: `${has("weak-etag") ? "W/" : ""}"${has("changed-etag") ? "changed-" : ""}${digest}"` }
        : {}),
      ...(isZipped ? { "content-encoding": "gzip" } : {}),
    },
  }
}

const changeBytes = (original: Buffer): Buffer =>
  Buffer.from(original.map((byte, index) => (index < unchangedBytes ? byte : byte ^ 0x55)))

/** Inserts bytes after the first kilobyte. */
const insertBytes = (original: Buffer, extraBytes: number): Buffer =>
  Buffer.concat([
    original.subarray(0, unchangedBytes),
    Buffer.alloc(extraBytes, 0x55),
    original.subarray(unchangedBytes),
  ])
