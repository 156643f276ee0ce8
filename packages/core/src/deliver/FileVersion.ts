import type { ResponseHeaders } from "../http/HttpTransport.ts"

/** What the CDN says to tell one version of a file from another. */
export interface FileVersion {
  /** As it was sent; a weak one (`W/".."`) promises the same meaning, not the same bytes. */
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

/** What a request for the rest of a file names as the version that it wants; `undefined` if nothing serves for that. */
export const getIfRange = ({ etag, lastModified }: FileVersion): string | undefined =>
  etag !== undefined && !isWeak(etag) ? etag : lastModified

/** Whether another answer can be compared with this one by more than its size. */
export const isNamed = ({ etag, lastModified }: FileVersion): boolean =>
  etag !== undefined || lastModified !== undefined

/**
 * Compares two answers about one link. A size or a sign that differs means another version; the same size proves nothing:
 * `unknown` if they have no sign in common.
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
