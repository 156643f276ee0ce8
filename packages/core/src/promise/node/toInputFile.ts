import * as Effect from "effect/Effect"
import { readFileValue } from "../../account/fileValue.ts"
import { isLocalFile, type LocalFile } from "../../account/LocalFile.ts"
import { describeValue } from "../../utils/describeValue.ts"
import { InvalidInput } from "../../errors.ts"
import { makeValueIssue } from "../../InputIssue.ts"
import { getNodeModules, requireFileSystem } from "../../node/nodeModules.ts"
import { localFile } from "../../submit/node/localFile.ts"

/** Converts a file in any form to one to upload, or to a URL to import from; `undefined` if the value isn't a file. */
export const toInputFile = (
  value: unknown,
  path: string,
): Effect.Effect<LocalFile | string, InvalidInput> | undefined => {
  if (isLocalFile(value)) return Effect.succeed(value)
  const file = readFileValue(value)
  if (file !== undefined) return Effect.succeed(file)
  if (value instanceof URL) return fromUrl(value, path)
  if (isReadStream(value)) return fromReadStream(value, path)
  if (isStream(value)) return refuse(path, "a stream of unknown size")
  return undefined
}

/** Fails if the value isn't a file. */
export const requireInputFile = (
  value: unknown,
  path: string,
): Effect.Effect<LocalFile | string, InvalidInput> =>
  toInputFile(value, path) ?? refuse(path, describeValue(value))

const fromUrl = (url: URL, path: string): Effect.Effect<LocalFile | string, InvalidInput> => {
  if (["http:", "https:", "data:"].includes(url.protocol)) return Effect.succeed(url.href)
  return fromFileUrl(url, path)
}

export const fromFileUrl = (url: URL, path: string): Effect.Effect<LocalFile, InvalidInput> => {
  if (url.protocol !== "file:") return refuse(path, `a ${url.protocol} URL`)
  return requireFileSystem(path, "Pass bytes, a Blob, or an http(s) URL.").pipe(
    Effect.andThen(
      Effect.try({ try: () => getNodeModules().url.fileURLToPath(url), catch: () => undefined }).pipe(
        Effect.catch(() => refuse(path, "a file: URL of another machine")),
      ),
    ),
    Effect.flatMap((filePath) => localFile(filePath, path)),
  )
}

/** The members of an `fs.ReadStream` that are used. */
export interface FileStream {
  readonly path: string | Uint8Array
  readonly bytesRead: number
  /** Closes the file. */
  destroy(): unknown
}

/** Opens the file again for each attempt, within the stream's bounds, because a stream can be read only once. */
const fromReadStream = (stream: FileStream, path: string): Effect.Effect<LocalFile, InvalidInput> => {
  const filePath = typeof stream.path === "string" ? stream.path : new TextDecoder().decode(stream.path)
  const start = readBound(stream, "start", 0)
  const end = readBound(stream, "end", Infinity)
  stream.destroy()
  return Effect.flatMap(localFile(filePath, path), (file) => {
    const size = Math.min(file.size, end + 1) - start
    if (size === file.size) return Effect.succeed(file)
    if (size <= 0) return refuse(path, "a stream that begins after the end of its file")
    return Effect.succeed({
      ...file,
      size,
      stream: () => getNodeModules().fs.createReadStream(filePath, { start, end: start + size - 1 }),
    })
  })
}

/** Node's types lack these members. */
const readBound = (stream: FileStream, name: "start" | "end", otherwise: number): number => {
  const bound: unknown = Reflect.get(stream, name)
  return typeof bound === "number" && !Number.isNaN(bound) ? bound : otherwise
}

const isReadStream = (value: unknown): value is FileStream => {
  if (!isStream(value)) return false
  const path: unknown = Reflect.get(value, "path")
  return (
    (typeof path === "string" || path instanceof Uint8Array) &&
    typeof Reflect.get(value, "bytesRead") === "number" &&
    typeof Reflect.get(value, "destroy") === "function"
  )
}

/** Streams of Node and of the platform. */
const isStream = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  (typeof Reflect.get(value, "pipe") === "function" || typeof Reflect.get(value, "getReader") === "function")

const refuse = (path: string, got: string): Effect.Effect<never, InvalidInput> =>
  Effect.fail(
    new InvalidInput({
      issues: [
        makeValueIssue(
          path,
          "bytes, a Blob, a File, an fs.ReadStream of a file, a file: or http(s): URL, or localFile(path)",
          got,
        ),
      ],
    }),
  )
