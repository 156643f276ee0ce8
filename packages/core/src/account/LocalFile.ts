import * as Predicate from "effect/Predicate"
import { findTypeByName } from "../deliver/fileExtensions.ts"
import { signatureBytes, chooseType } from "../deliver/FileType.ts"

/** A file in memory. */
export interface FileInMemory {
  readonly fileName: string
  /** MIME type. Default: detected from the first bytes, or else from the name's extension. */
  readonly contentType?: string | undefined
  readonly bytes: Uint8Array
}

/** A file that is read while it is sent, so that a long video doesn't fill the memory. */
export interface FileAsStream {
  readonly fileName: string
  readonly contentType?: string | undefined
  /** Bytes. It must be exact, because Scenario receives the size before the content. */
  readonly size: number
  /** Called for each attempt. It must start at the beginning each time. */
  readonly stream: () => AsyncIterable<Uint8Array>
}

/** A local file as an input. It is uploaded first, and the input becomes its asset ID. */
export type LocalFile = FileInMemory | FileAsStream

/** The value of a file input: an asset ID, a data URL, an http(s) URL (imported first), or a file. */
export type FileInput = string | LocalFile

export const isLocalFile = (value: unknown): value is LocalFile =>
  Predicate.hasProperty(value, "fileName") &&
  typeof value.fileName === "string" &&
  (isFileInMemory(value) ||
    (Predicate.hasProperty(value, "stream") &&
      typeof value.stream === "function" &&
      Predicate.hasProperty(value, "size") &&
      typeof value.size === "number"))

export const isFileInMemory = (value: object): value is FileInMemory =>
  Predicate.hasProperty(value, "bytes") && value.bytes instanceof Uint8Array

/** Bytes. */
export const getFileSize = (file: LocalFile): number =>
  isFileInMemory(file) ? file.bytes.byteLength : file.size

/** Reads the type from `contentType`, or else from the name's extension. */
export const getStatedType = ({
  contentType,
  fileName,
}: Pick<LocalFile, "contentType" | "fileName">): string =>
  contentType ?? findTypeByName(fileName) ?? "application/octet-stream"

/** The MIME type, without reading a stream. The first bytes of a file in memory override what is stated. */
export const getContentType = (file: LocalFile): string =>
  isFileInMemory(file)
    ? chooseType(getStatedType(file), file.bytes.subarray(0, signatureBytes))
    : getStatedType(file)
