import type { UploadKind } from "../api/Upload.ts"
import { contentTypeOf } from "../submit/LocalFile.ts"

/** What a file is uploaded as: by what the input wants, else by the file's own type, else simply as an asset. */
export const uploadKindOf = (wanted: string | undefined, contentType: string): UploadKind => {
  switch (wanted) {
    case "3d":
    case "asset":
    case "audio":
    case "avatar":
    case "image":
    case "model":
    case "text":
    case "video":
      return wanted
    case "image-hdr":
      return "image"
  }
  const family = contentType.split("/")[0]
  if (family === "image" || family === "video" || family === "audio" || family === "text") return family
  return family === "model" ? "3d" : "asset"
}

/** A link's file type by the extension in its path. */
export const contentTypeOfUrl = (url: string): string =>
  contentTypeOf({ fileName: new URL(url).pathname, bytes: new Uint8Array() })
