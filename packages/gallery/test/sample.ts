import type { Gallery, GalleryAsset, GalleryEntry } from "../src/Gallery.ts"

export const anAsset = (change: Partial<GalleryAsset> = {}): GalleryAsset => ({
  assetId: "asset_1",
  file: "house.png",
  mimeType: "image/png",
  kind: "image",
  bytes: 1400,
  ...change,
})

/** A job that was queued for one second and ran for eight. */
export const anEntry = (change: Partial<GalleryEntry> = {}): GalleryEntry => ({
  title: "A house",
  endpoint: "/generate/txt2img",
  prompt: "a red house",
  jobId: "job_1",
  status: "success",
  timeline: [
    { status: "queued", at: "2026-01-01T00:00:00.000Z" },
    { status: "in-progress", at: "2026-01-01T00:00:01.000Z" },
    { status: "success", at: "2026-01-01T00:00:09.000Z" },
  ],
  polls: ["2026-01-01T00:00:06.000Z", "2026-01-01T00:00:09.500Z"],
  requests: 3,
  assets: [anAsset()],
  ...change,
})

export const aGallery = (change: Partial<Gallery> = {}): Gallery => ({
  title: "Houses",
  generatedAt: "2026-01-01T00:01:00.000Z",
  entries: [anEntry()],
  requests: { total: 3 },
  cost: 5,
  ...change,
})
