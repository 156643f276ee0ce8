/** What a gallery page shows, as plain data: a host translates its results into this. Times are ISO 8601. */
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
  /** How many of them were of each kind, in the caller's words: `{ submit: 7, poll: 12 }`. */
  readonly byKind?: Readonly<Record<string, number>>
  /** How many more a loop would have sent that polls each job and gets each asset by itself. */
  readonly saved?: number
}

/** One job and its results. */
export interface GalleryEntry {
  readonly title: string
  /** The path that was called, such as `/generate/txt2img`. */
  readonly endpoint: string
  readonly model?: string
  readonly prompt?: string
  readonly jobId: string
  /** As Scenario spells it: `success`, `failure`, `canceled`, or the last one known. */
  readonly status: string
  /** When the job entered each status. */
  readonly timeline: ReadonlyArray<{ readonly status: string; readonly at: string }>
  readonly finishedAt?: string
  /** When the job was polled. */
  readonly polls?: ReadonlyArray<string>
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
  /** What the picture shows, for those who can't see it. The prompt by default. */
  readonly alt?: string
  /** Seconds, of sound and film. */
  readonly duration?: number
  /** What a text file says. */
  readonly text?: string
  /** A picture of a film or 3D model, by its path as in `file`: a film's poster, and what stands for a model that can't be drawn. */
  readonly preview?: string
  /** The file itself: with it, a GLB can be turned on the page, and a WAV shows its waveform. Of no use for other kinds. */
  readonly content?: Uint8Array
}
