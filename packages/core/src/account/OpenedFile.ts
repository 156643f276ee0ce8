import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { signatureBytes, chooseType } from "../deliver/FileType.ts"
import { UploadFailed } from "../errors.ts"
import { planParts, readParts } from "./fileParts.ts"
import { type LocalFile, getFileSize, getStatedType } from "./LocalFile.ts"

/** A file whose first part was read, to detect its type before anything is sent. */
export interface OpenedFile {
  readonly file: LocalFile
  /** Detected from the first bytes, or else as stated. */
  readonly contentType: string
  /** All parts in order. They can be read once. */
  readonly parts: AsyncIterable<Uint8Array>
}

/** Reads the first part, passes the file to `use`, and stops reading when `use` ends. */
export const withOpenFile = <A, E>(
  file: LocalFile,
  use: (opened: OpenedFile) => Effect.Effect<A, E>,
): Effect.Effect<A, E | UploadFailed> => {
  const reading = readParts(file, planParts(getFileSize(file)).partSize)
  return Effect.flatMap(open(file, reading), use).pipe(
    // This isn't awaited: a stream that hangs would block the caller.
    Effect.ensuring(Effect.sync(() => void reading.return(undefined).catch(() => undefined))),
  )
}

const open = Effect.fnUntraced(function* (file: LocalFile, rest: AsyncGenerator<Uint8Array, void>) {
  const first = yield* Effect.tryPromise({
    try: () => rest.next(),
    catch: (cause) => toUploadFailed(file, `it could not be read (${String(cause)})`),
  })
  const head = first.done === true ? new Uint8Array() : first.value.subarray(0, signatureBytes)
  const opened: OpenedFile = {
    file,
    contentType: chooseType(getStatedType(file), head),
    parts: prepend(first, rest),
  }
  return opened
})

/** Reads a small file, which is one part. */
export const readWhole = ({ file, parts }: OpenedFile): Effect.Effect<Uint8Array, UploadFailed> =>
  Stream.fromAsyncIterable(parts, (cause) =>
    toUploadFailed(file, `it could not be read (${String(cause)})`),
  ).pipe(
    Stream.take(2),
    Stream.runCollect,
    Effect.flatMap(([bytes, ...more]) =>
      bytes?.byteLength === getFileSize(file) && more.length === 0
        ? Effect.succeed(bytes)
        : Effect.fail(toUploadFailed(file, `it doesn't have the stated ${getFileSize(file)} bytes`)),
    ),
  )

async function* prepend(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array> {
  if (first.done === true) return
  yield first.value
  yield* rest
}

const toUploadFailed = (file: LocalFile, reason: string) =>
  new UploadFailed({ fileName: file.fileName, reason, isRetryable: false })
