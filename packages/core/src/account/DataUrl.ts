/** The file in a data URL, without its content. */
export interface DataUrl {
  /** MIME type; `text/plain` if it names none, as in RFC 2397. */
  readonly contentType: string
  /** Bytes of the file, which are a quarter less than its base64. */
  readonly size: number
}

/** Reads the head of a data URL, never its content; `undefined` if the text isn't one. */
export const readDataUrl = (text: string): DataUrl | undefined => {
  if (!/^data:/i.test(text)) return undefined
  const comma = text.indexOf(",")
  if (comma === -1) return undefined
  const [contentType = "", ...parameters] = text.slice("data:".length, comma).split(";")
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === "base64")
  return {
    contentType: contentType.trim().toLowerCase() || "text/plain",
    size: isBase64 ? getBase64Size(text, comma + 1) : text.length - comma - 1,
  }
}

const getBase64Size = (text: string, start: number): number => {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  return Math.max(0, Math.floor(((text.length - start) * 3) / 4) - padding)
}

/** Decodes the file of a data URL. If its base64 or percent-encoding is broken, returns the bytes of its text. */
export const decodeDataUrl = (text: string): Uint8Array<ArrayBuffer> => {
  const comma = text.indexOf(",")
  const content = text.slice(comma + 1)
  try {
    if (!/;\s*base64\s*(;|$)/i.test(text.slice(0, comma))) {
      return new TextEncoder().encode(decodeURIComponent(content))
    }
    return Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  } catch {
    return new TextEncoder().encode(content)
  }
}

/** Whether Scenario can import a file from this URL. */
export const isWebUrl = (text: string): boolean => /^https?:\/\/./i.test(text)
