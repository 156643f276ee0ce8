import { getBytes, getProperties } from "../media/assetBytes.ts"
import type { JsonObject } from "../json.ts"
import type { AssetRecord } from "./AssetRecord.ts"
import type { CdnLinks } from "./CdnLinks.ts"

const editCapabilities = [
  "DETECTION",
  "PIXELATE",
  "PROMPT_EDITING",
  "REFRAME",
  "REMOVE_BACKGROUND",
  "UPSCALE",
  "VECTORIZATION",
]

/** All assets, including planned ones that aren't visible yet. */
export class Assets {
  readonly #byId = new Map<string, AssetRecord>()
  readonly #links: CdnLinks
  readonly #now: () => number
  /** Whether the job of an asset has failed or was canceled. */
  readonly #isAborted: (jobId: string) => boolean

  constructor(links: CdnLinks, now: () => number, isAborted: (jobId: string) => boolean) {
    this.#links = links
    this.#now = now
    this.#isAborted = isAborted
  }

  add(record: AssetRecord): void {
    this.#byId.set(record.id, record)
  }

  remove(id: string): boolean {
    return this.#byId.delete(id)
  }

  /** The asset, if it is visible by now. */
  find(id: string): AssetRecord | undefined {
    const record = this.#byId.get(id)
    return record !== undefined && this.#isVisible(record) ? record : undefined
  }

  /** All visible assets, oldest first. */
  all(): ReadonlyArray<AssetRecord> {
    return [...this.#byId.values()].filter((record) => this.#isVisible(record))
  }

  isReady(record: AssetRecord): boolean {
    return record.readyAt <= this.#now() && !this.#hasFailed(record)
  }

  #hasFailed(record: AssetRecord): boolean {
    return record.jobId !== undefined && this.#isAborted(record.jobId)
  }

  #isVisible(record: AssetRecord): boolean {
    if (this.#hasFailed(record) && !record.isShownEarly) return false
    return record.visibleFrom <= this.#now()
  }

  findRoot(record: AssetRecord): string | undefined {
    let root = record.parentId
    for (let depth = 0; root !== undefined && depth < 50; depth++) {
      const parent = this.#byId.get(root)?.parentId
      if (parent === undefined) return root
      root = parent
    }
    return root
  }

  /** A signed link. Images are below `/assets-transform/` unless the original is requested. */
  url(record: AssetRecord, isOriginal: boolean): string {
    const isTransformed =
      record.spec.kind === "image" && record.spec.mimeType !== "image/svg+xml" && !isOriginal
    return this.#links.sign(`/${isTransformed ? "assets-transform" : "assets"}/${record.id}`)
  }

  thumbnail(record: AssetRecord): JsonObject | undefined {
    if (!["image", "image-hdr", "video", "3d"].includes(record.spec.kind)) return undefined
    return { assetId: record.id, url: `${this.#links.origin}/thumbnails/${record.id}` }
  }

  /** The asset as the API returns it. */
  toJson(record: AssetRecord, isOriginal: boolean, isForcedPending = false): JsonObject {
    const isReady = this.isReady(record) && !isForcedPending
    const properties = isReady ? getProperties(record.spec) : { size: 0 }
    const thumbnail = this.thumbnail(record)
    const isHdr = record.spec.kind === "image-hdr"
    return {
      id: record.id,
      url: this.url(record, isOriginal),
      originalFileUrl: isHdr ? this.#links.sign(`/assets/${record.id}/original.exr`) : undefined,
      originalMimeType: isHdr ? "image/x-exr" : undefined,
      kind: record.spec.kind,
      mimeType: record.spec.mimeType,
      status: isReady ? "success" : this.#hasFailed(record) ? "error" : "pending",
      source: record.source,
      privacy: record.isPublic ? "public" : "private",
      authorId: record.authorId,
      ownerId: record.ownerId,
      createdAt: new Date(record.createdAt).toISOString(),
      updatedAt: new Date(
        Math.max(record.updatedAt, isReady ? record.readyAt : record.createdAt),
      ).toISOString(),
      collectionIds: [...record.collectionIds],
      tags: [...record.tags],
      nsfw: [],
      editCapabilities: record.spec.kind === "image" ? editCapabilities : [],
      description: record.description,
      isHidden: record.isHidden ? true : undefined,
      outputIndex: record.outputIndex,
      thumbnail,
      preview: record.spec.kind === "video" || record.spec.kind === "3d" ? thumbnail : undefined,
      firstFrame: record.spec.kind === "video" ? thumbnail : undefined,
      properties,
      metadata: {
        ...record.metadata,
        kind: record.spec.kind,
        type: record.metadataType,
        name: record.name,
        modelId: record.modelId,
        prompt: record.spec.prompt === "" ? undefined : record.spec.prompt,
        seed: record.spec.seed === "" ? undefined : record.spec.seed,
        width: properties["width"],
        height: properties["height"],
        size: isReady ? properties["size"] : undefined,
        parentId: record.parentId,
        rootParentId: this.findRoot(record),
        parentJobId: record.jobId,
        inferenceId: record.inferenceId,
      },
    }
  }

  bytes(record: AssetRecord): Buffer {
    return getBytes(record.spec)
  }
}
