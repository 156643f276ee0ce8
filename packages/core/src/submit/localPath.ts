import { getContentType } from "../account/LocalFile.ts"

/**
 * Whether a file input was given as the path of a file on this machine, which a text can't stand for: an asset's ID has no
 * slashes and no extension of a file type.
 */
export const isLocalPath = (value: unknown): value is string => {
  // What is longer is a file's content.
  if (typeof value !== "string" || value.length > 1_024 || /^(data:|https?:)/i.test(value)) return false
  const isPath = /[/\\]/.test(value) || /^(~|file:|[a-z]:)/i.test(value)
  return isPath || getContentType({ fileName: value, bytes: noBytes }) !== "application/octet-stream"
}

const noBytes = new Uint8Array()

/** What to give instead. */
export const notAPath = ", not a path: for a file of this machine pass localFile(path) or its bytes"
