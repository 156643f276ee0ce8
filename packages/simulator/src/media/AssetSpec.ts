/** What a generated picture looks like; each family of endpoints has its own look. */
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
  /** One colour and no caption: made in no time, for tests with hundreds of pictures. */
  | "plain"

/** `kind` of an asset (OAS, and `text` which is newer). */
export type AssetKind = "image" | "image-hdr" | "video" | "audio" | "3d" | "text" | "json" | "document"

/** All that decides the bytes of an asset: the same spec gives the same file. */
export interface AssetSpec {
  readonly kind: AssetKind
  readonly mimeType: string
  readonly style: PictureStyle
  readonly prompt: string
  readonly modelName: string
  readonly seed: string
  /** Of the result within its job, from 0. */
  readonly index: number
  readonly width: number
  readonly height: number
  /** Shown in the corner, such as `txt2img` or `texture-normal`. */
  readonly label: string
  /** The bytes themselves, for uploaded files. */
  readonly bytes?: Buffer | undefined
}
