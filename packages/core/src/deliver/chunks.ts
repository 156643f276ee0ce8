export const countBytes = (chunks: ReadonlyArray<Uint8Array>): number =>
  chunks.reduce((sum, chunk) => sum + chunk.length, 0)

/** Copies the first bytes of the chunks, at most `maxBytes`, into one array. */
export const joinFirst = (chunks: ReadonlyArray<Uint8Array>, maxBytes: number): Uint8Array => {
  const head = new Uint8Array(Math.min(maxBytes, countBytes(chunks)))
  let at = 0
  for (const chunk of chunks) {
    if (at >= head.length) break
    head.set(chunk.subarray(0, head.length - at), at)
    at += chunk.length
  }
  return head
}

/** Splits the chunks after this many bytes, without copying. */
export const splitAt = (
  chunks: ReadonlyArray<Uint8Array>,
  bytes: number,
): readonly [before: ReadonlyArray<Uint8Array>, after: ReadonlyArray<Uint8Array>] => {
  const before: Array<Uint8Array> = []
  const after: Array<Uint8Array> = []
  let left = Math.max(0, bytes)
  for (const chunk of chunks) {
    const cut = Math.min(left, chunk.length)
    left -= cut
    if (cut > 0) before.push(cut === chunk.length ? chunk : chunk.subarray(0, cut))
    if (cut < chunk.length) after.push(cut === 0 ? chunk : chunk.subarray(cut))
  }
  return [before, after]
}
