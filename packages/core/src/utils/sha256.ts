import * as Effect from "effect/Effect"

/** SHA-256 of bytes, or of text as UTF-8. */
export const sha256 = (content: Uint8Array<ArrayBuffer> | string): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
  })

export const sha256Hex = (content: Uint8Array<ArrayBuffer> | string): Effect.Effect<string> =>
  Effect.map(sha256(content), (hash) =>
    Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  )
