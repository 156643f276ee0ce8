import { getFileSize, isLocalFile } from "../account/LocalFile.ts"
import { isWebUrl, readDataUrl } from "../account/DataUrl.ts"

/** Describes a value in at most about 80 characters, without a file's content or a URL's signature. */
export const describeValue = (value: unknown): string => {
  if (value === undefined || value === null) return "nothing"
  if (typeof value === "string") return describeText(value)
  if (isRounded(value)) return `${value}, which may have lost digits (pass it as text)`
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return shorten(String(value))
  }
  if (isLocalFile(value)) return `the file ${quote(value.fileName)} of ${formatBytes(getFileSize(value))}`
  if (Array.isArray(value)) return `a list of ${formatCount(value.length, "element")}`
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** Whether a number stands for several integers: those beyond 2^53 were rounded when the number was created. */
export const isRounded = (value: unknown): value is number =>
  Number.isInteger(value) && !Number.isSafeInteger(value)

/** `1 element`, `2 elements`. */
export const formatCount = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : `${noun}s`}`

/** `1.2 MB` */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1000) return formatCount(bytes, "byte")
  return bytes < 1_000_000 ? `${Math.round(bytes / 100) / 10} kB` : `${Math.round(bytes / 100_000) / 10} MB`
}

const describeText = (text: string): string => {
  if (text === "") return "empty text"
  const dataUrl = readDataUrl(text)
  if (dataUrl !== undefined) return `a data URL of ${formatBytes(dataUrl.size)}`
  return quote(isWebUrl(text) ? text.replace(/[?#].*$/s, "") : text)
}

const quote = (text: string): string => `"${shorten(text)}"`

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ")
  return line.length <= 76 ? line : `${line.slice(0, 73)}...`
}
