import * as Data from "effect/Data"

/** Why a download did not go on, and what helps: a fresh link, another try, or nothing. */
export class DownloadTrouble extends Data.TaggedError("DownloadTrouble")<{
  readonly detail: string
  readonly cure: "renew" | "repeat" | "none"
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined
  /** How long the CDN asks to wait. Milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The size of the whole file, if the CDN names it while it refuses a range. */
  readonly fileBytes?: number | undefined
  /** True if the bytes could not be decompressed: a part of a compressed file has no meaning of its own. */
  readonly isEncoded?: boolean | undefined
  /** True if the CDN sent a part without saying which: it can't be asked for parts. */
  readonly isRangeUnknown?: boolean | undefined
}> {}

/** What a status other than 200 and 206 means at the CDN. A link that has expired answers 403 (Access Denied). */
export const troubleOfStatus = (
  status: number,
  retryAfterMs: number | undefined,
  fileBytes?: number,
): DownloadTrouble => {
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500
  const isOfTheLink = [400, 401, 403, 404, 410].includes(status)
  return new DownloadTrouble({
    detail: `the CDN answered ${status}`,
    cure: isPassing ? "repeat" : isOfTheLink ? "renew" : "none",
    status,
    retryAfterMs,
    fileBytes,
  })
}
