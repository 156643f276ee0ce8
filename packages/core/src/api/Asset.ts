import type { AssetKind } from "./assetKinds.ts"
import { anyRecord, finite, nonEmptyText, makeObjectReader, text, textList, type Reader } from "./readers.ts"

/** A smaller or two-dimensional image of an asset. */
export interface AssetPreview {
  readonly assetId?: string | undefined
  readonly url: string
}

/**
 * A file that Scenario stores. `url` is signed, and expires after at least 24 hours: store the `assetId`, and get a fresh
 * link by it.
 */
export interface Asset {
  readonly assetId: string
  /** A temporary link to the file. It works without credentials. */
  readonly url: string
  /** `success`, `pending` (not available yet), or `error`. */
  readonly status: string
  readonly kind: AssetKind
  readonly mimeType: string
  /** The original file if it differs from `url`, such as the EXR of an HDR image. */
  readonly originalUrl?: string | undefined
  readonly originalMimeType?: string | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** Bytes, as the API states them. They can be wrong for 3D formats. */
  readonly bytes?: number | undefined
  /** Pixels. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Seconds. */
  readonly duration?: number | undefined
  readonly seed?: string | undefined
  readonly prompt?: string | undefined
  readonly modelId?: string | undefined
  readonly parentJobId?: string | undefined
  /** Which operation made it: `inference-txt2img`, `uploaded`, … */
  readonly type?: string | undefined
  /** Its position in the job's results, from 0. */
  readonly outputIndex?: number | undefined
  readonly tags: ReadonlyArray<string>
  readonly collectionIds: ReadonlyArray<string>
  /** ISO dates. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly authorId?: string | undefined
  readonly thumbnail?: AssetPreview | undefined
  readonly preview?: AssetPreview | undefined
  /** The text of a text asset, if the API returns all of it. */
  readonly text?: string | undefined
  /** What else the API says about how it was made. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
}

export const readPreview: Reader<AssetPreview> = makeObjectReader({ assetId: text }, { url: nonEmptyText })

const readWireAsset = makeObjectReader({
  id: nonEmptyText,
  assetId: nonEmptyText,
  url: text,
  status: text,
  kind: text,
  mimeType: text,
  originalFileUrl: nonEmptyText,
  originalMimeType: nonEmptyText,
  name: text,
  description: text,
  outputIndex: finite,
  tags: textList,
  collectionIds: textList,
  createdAt: text,
  updatedAt: text,
  authorId: text,
  thumbnail: readPreview,
  preview: readPreview,
  metadata: anyRecord,
  properties: anyRecord,
})

/** Reads an asset; `undefined` if it has no ID. */
export const readAsset = (body: unknown): Asset | undefined => {
  const wire = readWireAsset(body)
  const assetId = wire?.id ?? wire?.assetId
  if (wire === undefined || assetId === undefined) return undefined
  const metadata = wire.metadata ?? {}
  const properties = wire.properties ?? {}
  return {
    assetId,
    url: wire.url ?? "",
    status: wire.status ?? (wire.url === undefined || wire.url === "" ? "pending" : "success"),
    kind: wire.kind ?? readText(metadata["kind"]) ?? "unknown",
    mimeType: wire.mimeType ?? "application/octet-stream",
    originalUrl: wire.originalFileUrl,
    originalMimeType: wire.originalMimeType,
    name: wire.name ?? readText(metadata["name"]),
    description: wire.description,
    bytes: readNumber(properties["size"]),
    width: readNumber(properties["width"]) ?? readNumber(metadata["width"]),
    height: readNumber(properties["height"]) ?? readNumber(metadata["height"]),
    duration: readNumber(properties["duration"]),
    seed: readSeed(metadata["seed"]),
    prompt: readText(metadata["prompt"]),
    modelId: readText(metadata["modelId"]),
    parentJobId: readText(metadata["parentJobId"]),
    type: readText(metadata["type"]),
    outputIndex: wire.outputIndex,
    tags: wire.tags ?? [],
    collectionIds: wire.collectionIds ?? [],
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
    authorId: wire.authorId,
    thumbnail: wire.thumbnail,
    preview: wire.preview,
    // `properties.preview` is cut short unless `hasFullPreview` is true.
    text: properties["hasFullPreview"] === true ? readText(properties["preview"]) : undefined,
    metadata,
    properties,
  }
}

/** A file that a job names only by a link. This library makes up its ID, so the link can't be refreshed. */
export const toLinkedAsset = (url: string, jobId: string, outputIndex: number): Asset => ({
  assetId: `${jobId}-${outputIndex + 1}`,
  url,
  status: "success",
  kind: "unknown",
  mimeType: "application/octet-stream",
  parentJobId: jobId,
  outputIndex,
  tags: [],
  collectionIds: [],
  metadata: {},
  properties: {},
})

/** Whether the asset is only a link. It has no preview, and can't be read again. */
export const isLinkedAsset = ({ assetId, parentJobId, outputIndex = 0 }: Asset): boolean =>
  assetId === `${parentJobId}-${outputIndex + 1}`

const readText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const readNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined

/** The API documents that the seed "can be a string or a number". */
const readSeed = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : readText(value)
