/** The content of a gallery page, as plain data. Times are ISO 8601. */
export interface Gallery {
  readonly title: string
  readonly generatedAt: string
  readonly entries: ReadonlyArray<GalleryEntry>
  readonly requests: GalleryRequests
  /** Compute units of all entries. */
  readonly cost: number
}

/** The requests to the API for all entries. */
export interface GalleryRequests {
  readonly total: number
  /** The number of requests of each kind. The caller names the kinds: `{ submit: 7, poll: 12 }`. */
  readonly byKind?: Readonly<Record<string, number>>
  /** How many more requests it takes to poll each job and read each asset separately. */
  readonly saved?: number
}

/** A job and its results. */
export interface GalleryEntry {
  readonly title: string
  /** The path of the endpoint, such as `/generate/txt2img`. */
  readonly endpoint: string
  readonly model?: string
  readonly prompt?: string
  readonly jobId: string
  /** Scenario's status, or the last one that is known. */
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
  /** The ID of the main result, which is shown first. */
  readonly primaryAssetId?: string
  /** A text result without a file. */
  readonly output?: string
  readonly error?: { readonly message: string; readonly hint?: string }
}

/** A downloaded file. */
export interface GalleryAsset {
  readonly assetId: string
  /** The path relative to the page's folder, with `/` between folders. A path outside of that folder is not linked. */
  readonly file: string
  readonly mimeType: string
  /** Scenario's asset kind: `image`, `image-hdr`, `audio`, `video`, `3d`, `text`, … */
  readonly kind: string
  readonly bytes: number
  /** Pixels. */
  readonly width?: number
  /** Pixels. */
  readonly height?: number
  /** A text alternative for the picture. Default: the prompt. */
  readonly alt?: string
  /** The length of audio or video. Seconds. */
  readonly duration?: number
  /** The content of a text file. */
  readonly text?: string
  /** The path of a preview picture, as in `file`: a video's poster, or the picture of a 3D model that can't be drawn. */
  readonly preview?: string
  /** The file's bytes. With them, a GLB can be turned on the page, and a WAV shows its waveform. Other kinds ignore them. */
  readonly content?: Uint8Array
}
