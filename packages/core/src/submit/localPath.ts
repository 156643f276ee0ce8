import { getContentType } from "../account/LocalFile.ts"
import { describeGiven } from "./InputWording.ts"

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

/** Says what to pass instead. */
export const describeLocalPath = (path: string): string =>
  `${describeGiven(path)} is the path of a file. Pass the file itself (localFile(path), or its bytes), a URL, or an asset ID.`
