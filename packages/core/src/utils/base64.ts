/** Encodes bytes, or text as UTF-8. */
export const toBase64 = (content: Uint8Array | string): string => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
  let binary = ""
  for (let start = 0; start < bytes.length; start += maxArguments) {
    binary += String.fromCharCode(...bytes.subarray(start, start + maxArguments))
  }
  return btoa(binary)
}

/** Engines limit the arguments of one call, to 65,536 at least. */
const maxArguments = 8_192
