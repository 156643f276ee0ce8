/**
 * Where a redirect leads: to https, or from http to http; `undefined` if it leads anywhere else. An absolute link stays
 * as it was sent, because a signed link that is parsed and printed again can lose its signature.
 */
export const redirectTarget = (from: string, location: string): string | undefined => {
  const target = withEscapedBytes(location.trim())
  if (/^https:\/\//i.test(target)) return URL.canParse(target) ? target : undefined
  if (!URL.canParse(target, from)) return undefined
  const { protocol, href } = new URL(target, from)
  const isSafe = protocol === "https:" || (protocol === "http:" && /^http:/i.test(from))
  return isSafe ? href : undefined
}

/**
 * Servers write raw UTF-8 into `Location`. A header's bytes arrive as Latin-1 characters, so each stands for one byte;
 * a character beyond Latin-1 was decoded by the transport already.
 */
const withEscapedBytes = (location: string): string =>
  Array.from(location, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) return character
    return code < 0x100 ? `%${code.toString(16).toUpperCase()}` : encodeURIComponent(character)
  }).join("")
