/** What a gallery page shows, as plain data: whoever has results translates them into this. Times are ISO 8601. */
export interface Gallery {
  readonly title: string
  readonly generatedAt: string
  readonly entries: ReadonlyArray<GalleryEntry>
  readonly requests: GalleryRequests
  /** Compute units that all of it took. */
  readonly cost: number
}

/** The requests that were sent to the API for all entries together. */
export interface GalleryRequests {
  readonly total: number
  /** How many of them were of which kind, in the words of the caller: `{ submit: 7, look: 12 }`. */
  readonly byKind?: Readonly<Record<string, number>>
  /** How many a loop of one request a look and one an asset would have sent beyond these. */
  readonly saved?: number
}

/** One job and what came of it. */
export interface GalleryEntry {
  readonly title: string
  /** The path that was called, such as `/generate/txt2img`. */
  readonly endpoint: string
  readonly model?: string
  readonly prompt?: string
  readonly jobId: string
  /** Scenario's word for it: `success`, `failure`, `canceled`, or whatever it was when last seen. */
  readonly status: string
  /** When the job entered which status. */
  readonly timeline: ReadonlyArray<{ readonly status: string; readonly at: string }>
  readonly finishedAt?: string
  /** When we asked how it was doing. */
  readonly looks?: ReadonlyArray<string>
  /** Requests that were sent for this job. */
  readonly requests: number
  /** Compute units. */
  readonly cost?: number
  readonly seed?: string | number
  /** In the job's order. */
  readonly assets: ReadonlyArray<GalleryAsset>
  /** The ID of the asset that the job was run for: it is shown first. */
  readonly primary?: string
  /** A result that is text and not a file. */
  readonly output?: string
  readonly error?: { readonly message: string; readonly hint?: string }
}

/** One file that was downloaded. */
export interface GalleryAsset {
  readonly assetId: string
  /** Where it lies below the page's folder, with `/` between folders. A path that leaves that folder is not linked. */
  readonly file: string
  readonly mimeType: string
  /** Scenario's kind: `image`, `image-hdr`, `audio`, `video`, `3d`, `text`, … */
  readonly kind: string
  readonly bytes: number
  /** Pixels. */
  readonly width?: number
  /** Pixels. */
  readonly height?: number
  /** What the picture shows, for those who do not see it; the prompt where nothing better is known. */
  readonly alt?: string
  /** What a text file says. */
  readonly text?: string
}
