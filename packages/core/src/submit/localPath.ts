import { getContentType } from "../account/LocalFile.ts"
import { describeValue } from "../utils/describeValue.ts"

/**
 * Whether the value of a file input is a local path, which can't be sent. Asset IDs have neither slashes nor the extension of a
 * file type.
 */
export const isLocalPath = (value: unknown): value is string => {
  // Longer text is the content of a file.
  if (typeof value !== "string" || value.length > 1_024 || /^(data:|https?:)/i.test(value)) return false
  const isPath = /[/\\]/.test(value) || /^(~|file:|[a-z]:)/i.test(value)
  return isPath || getContentType({ fileName: value, bytes: noBytes }) !== "application/octet-stream"
}

const noBytes = new Uint8Array()

export const describeLocalPath = (path: string): string =>
  `${describeValue(path)} is the path of a file. Pass the file itself (localFile(path), or its bytes), a URL, or an asset ID.`
