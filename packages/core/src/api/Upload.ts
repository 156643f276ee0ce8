import * as Predicate from "effect/Predicate"
import { finite, makeListReader, nonEmptyText, makeObjectReader, text } from "./readers.ts"

/** What an uploaded file becomes. */
export type UploadKind = "3d" | "asset" | "audio" | "avatar" | "image" | "model" | "text" | "video"

/** A temporary link to upload one part of a file to. It works without credentials. */
export interface UploadPart {
  /** From 1. */
  readonly number: number
  readonly url: string
  /** ISO date. */
  readonly expiresAt?: string | undefined
}

/** The upload or import of a file. */
export interface Upload {
  readonly uploadId: string
  /** `pending`, `validating`, `validated`, `complete`, and at the end `imported` or `failed`. */
  readonly status: string
  readonly kind?: string | undefined
  /** `multipart`, `url`, `civitai`, `huggingface`, `other`. */
  readonly source?: string | undefined
  readonly fileName?: string | undefined
  readonly contentType?: string | undefined
  /** Bytes. */
  readonly fileSize?: number | undefined
  readonly parts: ReadonlyArray<UploadPart>
  readonly jobId?: string | undefined
  /** The ID of the new asset or model. */
  readonly entityId?: string | undefined
  readonly error?: string | undefined
  /** ISO dates. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
}

const readWireUpload = makeObjectReader({
  id: nonEmptyText,
  status: text,
  kind: text,
  source: text,
  fileName: text,
  originalFileName: text,
  contentType: text,
  fileSize: finite,
  parts: makeListReader(makeObjectReader({ expires: text }, { number: finite, url: nonEmptyText })),
  jobId: nonEmptyText,
  entityId: nonEmptyText,
  errorMessage: nonEmptyText,
  createdAt: text,
  updatedAt: text,
})

/** Reads an upload; `undefined` if it has no ID. */
const readUpload = (body: unknown): Upload | undefined => {
  const wire = readWireUpload(body)
  if (wire?.id === undefined) return undefined
  return {
    uploadId: wire.id,
    status: wire.status ?? "unknown",
    kind: wire.kind,
    source: wire.source,
    fileName: wire.originalFileName ?? wire.fileName,
    contentType: wire.contentType,
    fileSize: wire.fileSize,
    parts: (wire.parts ?? [])
      .map(({ number, url, expires }) => ({ number, url, expiresAt: expires }))
      .toSorted((one, other) => one.number - other.number),
    jobId: wire.jobId,
    entityId: wire.entityId,
    error: wire.errorMessage,
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
  }
}

/** Reads `{ upload }`, which each call about an upload returns. */
export const readUploadResponse = (body: unknown): Upload | undefined =>
  Predicate.hasProperty(body, "upload") ? readUpload(body.upload) : undefined
