import type { ResponseHeaders } from "../http/HttpTransport.ts"

/** What the CDN says to tell one version of a file from another. */
export interface FileVersion {
  /** A strong ETag: a weak one promises the same meaning, not the same bytes. */
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

export const readVersion = (headers: ResponseHeaders): FileVersion => ({
  etag: headers["etag"]?.startsWith('"') === true ? headers["etag"] : undefined,
  lastModified: headers["last-modified"],
})

/** Compares two answers about one link: `unknown` if they have no sign in common. */
export const compareVersions = (one: FileVersion, other: FileVersion): "same" | "changed" | "unknown" => {
  for (const sign of ["etag", "lastModified"] as const) {
    if (one[sign] !== undefined && other[sign] !== undefined) {
      return one[sign] === other[sign] ? "same" : "changed"
    }
  }
  return "unknown"
}
