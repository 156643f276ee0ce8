import * as Data from "effect/Data"

/** Why a connection failed. `recovery` says what can help: a fresh link, another attempt, or nothing. */
export class DownloadFault extends Data.TaggedError("DownloadFault")<{
  readonly detail: string
  readonly recovery: "refresh" | "retry" | "none"
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined
  /** How long the CDN asks to wait. Milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The size of the whole file, if a 416 names it. */
  readonly fileBytes?: number | undefined
  /** True if decompression failed. A part of a compressed file can't be decompressed by itself. */
  readonly isEncoded?: boolean | undefined
  /** True if a 206 doesn't say which range it contains. Then ranges can't be used. */
  readonly isRangeUnknown?: boolean | undefined
}> {}

/** The fault for a status other than 200 and 206. An expired link gets a 403 (Access Denied). */
export const toStatusFault = (
  status: number,
  retryAfterMs: number | undefined,
  fileBytes?: number,
): DownloadFault => {
  const isTemporary = status === 408 || status === 425 || status === 429 || status >= 500
  const isLinkFault = [400, 401, 403, 404, 410].includes(status)
  return new DownloadFault({
    detail: `the CDN returned ${status}`,
    recovery: isTemporary ? "retry" : isLinkFault ? "refresh" : "none",
    status,
    retryAfterMs,
    fileBytes,
  })
}
