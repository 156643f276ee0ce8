import type { DurationKind } from "../world/jobTimeline.ts"
import type { PictureStyle } from "../media/AssetSpec.ts"
import type { Fields } from "./Field.ts"

/** What comes back from a submit. The last six are text results inline. */
export type AnswerShape =
  | "inference"
  | "job-and-asset"
  | "job"
  | "prompt"
  | "translate"
  | "caption"
  | "describe-style"
  | "embed"
  | "segment"

/** One named endpoint under `/generate/`. */
export interface GenerateEndpoint {
  readonly name: string
  readonly jobType: string
  readonly answer: AnswerShape
  readonly duration: DurationKind
  /** `metadata.type` of its assets. */
  readonly assetType: string
  /** `source` of its assets: the same idea in another spelling (OAS). */
  readonly assetSource: string
  readonly style: PictureStyle
  readonly fields: Fields
  /** At least one of each group has to be there. */
  readonly oneOfEach: ReadonlyArray<readonly string[]>
  /** Compute Units a result. */
  readonly unitPrice: number
}
