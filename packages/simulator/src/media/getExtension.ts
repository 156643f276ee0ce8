const extensions: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "image/gif": "gif",
  "image/webp": "webp",
  "video/mp4": "mp4",
  "audio/wav": "wav",
  "model/gltf-binary": "glb",
  "text/plain": "txt",
  "application/json": "json",
  "application/zip": "zip",
}

export const getExtension = (mimeType: string): string => extensions[mimeType] ?? "bin"
