/** A download and an upload follow at most this many redirects. A request to the API follows none. */
export const maxRedirects = 5

/**
 * The URL that a redirect leads to, or `undefined` if it isn't https, and isn't http to http. An absolute URL stays as
 * it was sent, because a signed link can lose its signature when it is parsed and serialized again.
 */
export const resolveRedirect = (from: string, location: string): string | undefined => {
  const target = escapeNonAscii(location.trim())
  if (/^https:\/\//i.test(target)) return URL.canParse(target) ? target : undefined
  if (!URL.canParse(target, from)) return undefined
  const { protocol, href } = new URL(target, from)
  const isSafe = protocol === "https:" || (protocol === "http:" && /^http:/i.test(from))
  return isSafe ? href : undefined
}

/**
 * Some servers write raw UTF-8 into `Location`. Header bytes arrive as Latin-1 characters, one for each byte. A character
 * beyond Latin-1 was decoded by the transport.
 */
const escapeNonAscii = (location: string): string =>
  Array.from(location, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) return character
    return code < 0x100 ? `%${code.toString(16).toUpperCase()}` : encodeURIComponent(character)
  }).join("")
