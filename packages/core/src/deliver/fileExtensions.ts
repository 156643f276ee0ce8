import { findKind } from "../api/assetKinds.ts"

/** The default extension of a type, with its dot. If the type is unknown, the kind decides. Otherwise `.bin`. */
export const getExtension = (mimeType: string, kind?: string): string => {
  const type = (mimeType.split(";")[0] ?? "").trim().toLowerCase()
  const extensions =
    extensionsByType.get(synonyms.get(type) ?? type) ?? extensionsByType.get(findKind(kind)?.mimeType ?? "")
  return `.${extensions?.split(" ")[0] ?? "bin"}`
}

/** The type for a file name's extension, or `undefined` if it has none or an unknown one. */
export const findTypeByName = (fileName: string): string | undefined =>
  typeByExtension.get(/\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "")

/** The extensions of each type. The first is the default. */
const extensionsByType: ReadonlyMap<string, string> = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpg jpeg jfif jpe pjpeg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/avif", "avif"],
  ["image/heic", "heic heif"],
  ["image/bmp", "bmp"],
  ["image/tiff", "tiff tif"],
  ["image/svg+xml", "svg"],
  ["image/x-exr", "exr"],
  ["image/vnd.radiance", "hdr"],
  ["image/vnd.adobe.photoshop", "psd psb"],
  ["image/jxl", "jxl"],
  ["image/jp2", "jp2"],
  ["image/x-icon", "ico"],
  ["image/vnd.ms-dds", "dds"],
  ["image/ktx2", "ktx2"],
  ["image/x-tga", "tga"],
  ["video/mp4", "mp4 m4v"],
  ["video/webm", "webm"],
  ["video/x-matroska", "mkv"],
  ["video/quicktime", "mov qt"],
  ["video/x-msvideo", "avi"],
  ["video/mpeg", "mpg mpeg"],
  ["video/mp2t", "ts"],
  ["video/3gpp", "3gp 3g2"],
  ["video/x-flv", "flv"],
  ["video/x-ms-asf", "wmv asf"],
  ["video/ogg", "ogv"],
  ["audio/wav", "wav"],
  ["audio/mpeg", "mp3 mp2"],
  ["audio/mp4", "m4a m4b"],
  ["audio/aac", "aac"],
  ["audio/ogg", "ogg oga"],
  ["audio/opus", "opus"],
  ["audio/flac", "flac"],
  ["audio/aiff", "aiff aif"],
  ["audio/midi", "mid midi"],
  ["audio/x-caf", "caf"],
  ["audio/amr", "amr"],
  ["audio/webm", "weba"],
  ["model/gltf-binary", "glb"],
  ["model/gltf+json", "gltf"],
  ["model/obj", "obj"],
  ["model/mtl", "mtl"],
  ["model/fbx", "fbx"],
  ["model/stl", "stl"],
  ["model/vnd.usdz+zip", "usdz"],
  ["model/vnd.usda", "usda"],
  ["model/vnd.usdc", "usdc usd"],
  ["model/ply", "ply"],
  ["model/3mf", "3mf"],
  ["model/vnd.collada+xml", "dae"],
  ["model/splat", "splat"],
  ["model/spz", "spz"],
  ["application/json", "json"],
  ["application/xml", "xml"],
  ["application/pdf", "pdf"],
  ["application/zip", "zip"],
  ["application/gzip", "gz"],
  ["text/plain", "txt"],
  ["text/markdown", "md"],
  ["text/html", "html htm"],
  ["text/csv", "csv"],
])

/** Other names of the types above. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["image/jpg", "image/jpeg"],
  ["image/pjpeg", "image/jpeg"],
  ["image/heif", "image/heic"],
  ["image/exr", "image/x-exr"],
  ["image/aces", "image/x-exr"],
  ["image/hdr", "image/vnd.radiance"],
  ["image/x-hdr", "image/vnd.radiance"],
  ["image/x-ms-bmp", "image/bmp"],
  ["image/vnd.microsoft.icon", "image/x-icon"],
  ["video/x-m4v", "video/mp4"],
  ["video/avi", "video/x-msvideo"],
  ["video/matroska", "video/x-matroska"],
  ["audio/x-wav", "audio/wav"],
  ["audio/wave", "audio/wav"],
  ["audio/vnd.wave", "audio/wav"],
  ["audio/mp3", "audio/mpeg"],
  ["audio/x-m4a", "audio/mp4"],
  ["audio/x-aac", "audio/aac"],
  ["audio/x-flac", "audio/flac"],
  ["audio/x-aiff", "audio/aiff"],
  ["application/ogg", "audio/ogg"],
  ["application/ply", "model/ply"],
  ["application/x-fbx", "model/fbx"],
  ["application/sla", "model/stl"],
  ["model/x.stl-binary", "model/stl"],
  ["text/xml", "application/xml"],
])

const typeByExtension: ReadonlyMap<string, string> = new Map(
  [...extensionsByType].flatMap(([type, extensions]) =>
    extensions.split(" ").map((extension) => [extension, type] as const),
  ),
)
