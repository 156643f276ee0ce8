import { findMediaKind } from "../api/assetKinds.ts"
import type { UploadKind } from "../api/Upload.ts"
import { getStatedType } from "./LocalFile.ts"

const kinds: ReadonlyArray<UploadKind> = ["3d", "asset", "audio", "avatar", "image", "model", "text", "video"]

/** The kind that the input requires, or else that of the file's type, or else `asset`. */
export const chooseUploadKind = (wanted: string | undefined, contentType: string): UploadKind => {
  if (wanted === "image-hdr") return "image"
  const detected = contentType.startsWith("text/") ? "text" : findMediaKind(contentType)
  return kinds.find((kind) => kind === wanted) ?? kinds.find((kind) => kind === detected) ?? "asset"
}

/** Reads the file type from the extension in the URL's path. */
export const getContentTypeOfUrl = (url: string): string => getStatedType({ fileName: new URL(url).pathname })
