import type { UploadKind } from "../api/Upload.ts"
import { getStatedType } from "./LocalFile.ts"

const kinds: ReadonlyArray<UploadKind> = ["3d", "asset", "audio", "avatar", "image", "model", "text", "video"]

/** What a file is uploaded as: by what the input wants, else by the file's own type, else simply as an asset. */
export const chooseUploadKind = (wanted: string | undefined, contentType: string): UploadKind => {
  if (wanted === "image-hdr") return "image"
  const family = contentType.split("/")[0]
  const told = family === "model" ? "3d" : ["image", "video", "audio", "text"].find((kind) => kind === family)
  return kinds.find((kind) => kind === wanted) ?? kinds.find((kind) => kind === told) ?? "asset"
}

/** A link's file type by the extension in its path. */
export const contentTypeOfUrl = (url: string): string => getStatedType({ fileName: new URL(url).pathname })
