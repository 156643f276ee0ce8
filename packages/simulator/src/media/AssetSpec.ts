/** The look of a generated picture. Each kind of endpoint has its own. */
export type PictureStyle =
  | "scene"
  | "painting"
  | "controlnet"
  | "adapter"
  | "texture"
  | "cut-out"
  | "vector"
  | "pixels"
  | "line-art"
  | "panorama"
  | "product"
  /** A single color without a caption. It is made quickly, for tests with hundreds of pictures. */
  | "plain"

/** The `kind` of an asset. `text` is newer than the contract. */
export type AssetKind = "image" | "image-hdr" | "video" | "audio" | "3d" | "text" | "json" | "document"

/** Describes a file completely: the same spec gives the same bytes. */
export interface AssetSpec {
  readonly kind: AssetKind
  readonly mimeType: string
  readonly style: PictureStyle
  readonly prompt: string
  readonly modelName: string
  readonly seed: string
  /** The position of the result in its job, from 0. */
  readonly index: number
  readonly width: number
  readonly height: number
  /** Part of the caption, such as `txt2img` or `texture-normal`. */
  readonly label: string
  /** The bytes of an uploaded file. */
  readonly bytes?: Buffer | undefined
}
