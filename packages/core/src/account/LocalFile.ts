import * as Predicate from "effect/Predicate"
import { findTypeByName } from "../deliver/fileExtensions.ts"
import { signatureBytes, chooseType } from "../deliver/FileType.ts"

/** A file that is at hand as bytes. */
export interface FileInMemory {
  readonly fileName: string
  /** MIME type. Default: by its first bytes, else by the name's extension. */
  readonly contentType?: string | undefined
  readonly bytes: Uint8Array
}

/** A file that is read as it is sent, so that a long video needs no memory of its size. */
export interface FileAsStream {
  readonly fileName: string
  readonly contentType?: string | undefined
  /** Bytes; exact, because Scenario is told the size before the content. */
  readonly size: number
  /** Called once for each attempt: it must begin at the start every time. */
  readonly stream: () => AsyncIterable<Uint8Array>
}

/** A file of this machine, given as an input: it is uploaded first, and the input becomes its asset id. */
export type LocalFile = FileInMemory | FileAsStream

/** What a file input takes: an asset id, a data URL, an http(s) URL (imported first), or a file. */
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

/** The type that is stated of a file: by its `contentType`, else by its name's extension, else mere bytes. */
export const getStatedType = ({
  contentType,
  fileName,
}: Pick<LocalFile, "contentType" | "fileName">): string =>
  contentType ?? findTypeByName(fileName) ?? "application/octet-stream"

/** The file's MIME type as far as it is known without reading a stream: a file in memory shows it by its first bytes. */
export const getContentType = (file: LocalFile): string =>
  isFileInMemory(file)
    ? chooseType(getStatedType(file), file.bytes.subarray(0, signatureBytes))
    : getStatedType(file)
