import { type Asset, thumbnailUrl } from "@scenario-automation/core"
import type { PlainOutputField, ZObject } from "zapier-platform-core"
import { assetFile } from "../hydrators/assetFile.ts"
import { toIsoDate } from "./toIsoDate.ts"

export interface AssetOutput extends Record<string, unknown> {
  readonly id: string
  /** Works without a key for at least a day. */
  readonly url: string | null
  /** Doesn't expire, and needs no key. */
  readonly thumbnailUrl: string
  readonly file: string
  readonly kind: string
  readonly mimeType: string
  readonly width: number | null
  readonly height: number | null
  readonly duration: number | null
  readonly name: string | null
  readonly prompt: string | null
  readonly model: string | null
  readonly generation: string | null
  readonly text: string | null
  readonly createdAt: string | null
}

export const toAssetOutput = (z: ZObject, asset: Asset): AssetOutput => ({
  id: asset.assetId,
  url: asset.url === "" ? null : asset.url,
  thumbnailUrl: thumbnailUrl(asset.assetId),
  file: toFilePointer(z, asset.assetId),
  kind: asset.kind,
  mimeType: asset.mimeType,
  width: asset.width ?? null,
  height: asset.height ?? null,
  duration: asset.duration ?? null,
  name: asset.name ?? null,
  prompt: asset.prompt ?? null,
  model: asset.modelId ?? null,
  generation: asset.parentJobId ?? null,
  text: asset.text ?? null,
  createdAt: toIsoDate(asset.createdAt),
})

export const toFilePointer = (z: ZObject, assetId: string): string => z.dehydrateFile(assetFile, { assetId })

export const assetSample = {
  id: "asset_7f3kQ2mXbT9cLpVn",
  url: "https://cdn.cloud.scenario.com/assets/asset_7f3kQ2mXbT9cLpVn?p=100",
  thumbnailUrl: "https://cdn.cloud.scenario.com/thumbnails/asset_7f3kQ2mXbT9cLpVn",
  file: "https://cdn.cloud.scenario.com/assets/asset_7f3kQ2mXbT9cLpVn?p=100",
  kind: "image",
  mimeType: "image/png",
  width: 1024,
  height: 1024,
  duration: null,
  name: null,
  prompt: "a red lighthouse on a cliff at dawn",
  model: "model_flux-1-dev",
  generation: "job_ocZCnKd8Wq5rYtUe",
  text: null,
  createdAt: "2026-11-24T12:00:41.579Z",
}

export const assetOutputFields: Array<PlainOutputField> = [
  { key: "id", label: "Asset ID", type: "string", primary: true },
  { key: "url", label: "Asset URL", type: "string" },
  { key: "thumbnailUrl", label: "Thumbnail URL", type: "string" },
  { key: "file", label: "File", type: "file" },
  { key: "kind", label: "Kind", type: "string" },
  { key: "mimeType", label: "MIME Type", type: "string" },
  { key: "width", label: "Width", type: "integer" },
  { key: "height", label: "Height", type: "integer" },
  { key: "duration", label: "Duration in Seconds", type: "number" },
  { key: "name", label: "Name", type: "string" },
  { key: "prompt", label: "Prompt", type: "string" },
  { key: "model", label: "Model ID", type: "string" },
  { key: "generation", label: "Generation ID", type: "string" },
  { key: "text", label: "Text", type: "string" },
  { key: "createdAt", label: "Created At", type: "datetime" },
]
