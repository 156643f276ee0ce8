import { Effect, Stream } from "effect"
import { Base64 } from "effect/encoding"
import { UploadFailed } from "../errors.ts"
import { contentTypeOf, isFileInMemory, type LocalFile, sizeOf } from "./LocalFile.ts"
import { fileParts } from "./fileParts.ts"

/**
 * Below this an image goes in one call. The API's gateway takes 10 MB of JSON, and base64 makes a third more of it;
 * Scenario's own Blender plugin draws the line here.
 */
const smallImageBytes = 3_500_000

const smallImageTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"])

/** Whether a file can be sent within a call. */
export const isSmallImage = (file: LocalFile): boolean =>
  smallImageTypes.has(contentTypeOf(file)) && sizeOf(file) < smallImageBytes

/** A whole file as text; only for one that is small. */
export const asDataUrl = (file: LocalFile): Effect.Effect<string, UploadFailed> =>
  Effect.map(wholeFile(file), (bytes) => `data:${contentTypeOf(file)};base64,${Base64.encode(bytes)}`)

const wholeFile = (file: LocalFile): Effect.Effect<Uint8Array, UploadFailed> => {
  if (isFileInMemory(file)) return Effect.succeed(file.bytes)
  const unusable = (reason: string) =>
    new UploadFailed({ fileName: file.fileName, reason, isRetryable: false })
  // One part as large as the file; a second comes only of a file that is larger than it said.
  return Stream.fromAsyncIterable(fileParts(file, file.size), (cause) =>
    unusable(`it could not be read (${String(cause)})`),
  ).pipe(
    Stream.take(2),
    Stream.runCollect,
    Effect.flatMap(([bytes, ...more]) =>
      bytes?.byteLength === file.size && more.length === 0
        ? Effect.succeed(bytes)
        : Effect.fail(unusable(`it does not have the ${file.size} bytes it was said to have`)),
    ),
  )
}
