import type { ResponseHeaders } from "../http/HttpTransport.ts"

/** Identifies a version of a file, by the headers of a response. */
export interface FileVersion {
  /** A weak one (`W/".."`) promises the same meaning, not the same bytes. */
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  /** Size of the whole file in bytes, if the CDN says. */
  readonly totalBytes: number | undefined
}

export const readVersion = (headers: ResponseHeaders, totalBytes: number | undefined): FileVersion => ({
  etag: /^(W\/)?"/.test(headers["etag"] ?? "") ? headers["etag"] : undefined,
  lastModified: headers["last-modified"],
  totalBytes,
})

/** The `If-Range` header for this version, or `undefined` if it has no usable validator. */
export const getIfRange = ({ etag, lastModified }: FileVersion): string | undefined =>
  etag !== undefined && !isWeak(etag) ? etag : lastModified

/** Whether it has a validator: an ETag or a Last-Modified date. */
export const hasValidator = ({ etag, lastModified }: FileVersion): boolean =>
  etag !== undefined || lastModified !== undefined

/**
 * Compares the versions in two responses. A different size or validator means `changed`. An equal size proves nothing:
 * `unknown` if the responses have no validator in common.
 */
export const compareVersions = (one: FileVersion, other: FileVersion): "same" | "changed" | "unknown" => {
  const sizes = compare(one.totalBytes, other.totalBytes)
  const etags = compare(one.etag?.replace(/^W\//, ""), other.etag?.replace(/^W\//, ""))
  const dates = compare(one.lastModified, other.lastModified)
  if (sizes === "changed" || etags === "changed") return "changed"
  if (etags === "same" && !isWeak(one.etag) && !isWeak(other.etag)) return "same"
  return dates === "unknown" ? etags : dates
}

const isWeak = (etag: string | undefined): boolean => etag?.startsWith("W/") === true

const compare = <A>(one: A | undefined, other: A | undefined): "same" | "changed" | "unknown" => {
  if (one === undefined || other === undefined) return "unknown"
  return one === other ? "same" : "changed"
}
