import type { JsonObject } from "../json.ts"

/** An upload. Its status follows from the time since it was completed. Times are simulated ms. */
export interface UploadRecord {
  readonly id: string
  readonly kind: string
  readonly fileName: string
  readonly contentType: string
  readonly fileSize: number | undefined
  readonly source: "multipart" | "url" | "huggingface" | "civitai"
  readonly url: string | undefined
  readonly createdAt: number
  readonly partsCount: number
  readonly receivedParts: Map<number, Buffer>
  readonly assetOptions: JsonObject | undefined
  completedAt: number | undefined
  failure: string | undefined
  jobId: string | undefined
  entityId: string | undefined
}
