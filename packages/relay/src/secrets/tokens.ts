import { createHash, timingSafeEqual } from "node:crypto"

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()

/** How a token is kept: `sha256:` and 64 hexadecimal digits. */
export const hashToken = (token: string): string => `sha256:${hash(token).toString("hex")}`

export const isTokenHash = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text)

/** Whether the token is one of the hashed ones. All are compared, each in constant time. */
export const matchesToken = (token: string, hashes: ReadonlyArray<string>): boolean => {
  const given = hash(token)
  let isMatch = false
  for (const one of hashes) {
    const known = Buffer.from(one.slice("sha256:".length), "hex")
    if (known.length === given.length && timingSafeEqual(known, given)) isMatch = true
  }
  return isMatch
}
