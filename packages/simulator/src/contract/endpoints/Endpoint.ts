import type { DurationKind } from "../../world/jobTimeline.ts"
import type { PictureStyle } from "../../media/AssetSpec.ts"
import type { Fields } from "./Field.ts"

/** The form of the response to a submit. The last six contain a text result. */
export type ResponseForm =
  | "inference"
  | "job-and-asset"
  | "job"
  | "prompt"
  | "translate"
  | "caption"
  | "describe-style"
  | "embed"
  | "segment"

/** A named endpoint: `/generate/{name}`. */
export interface Endpoint {
  readonly name: string
  readonly jobType: string
  readonly response: ResponseForm
  readonly duration: DurationKind
  /** `metadata.type` of its assets. */
  readonly assetType: string
  /** `source` of its assets. */
  readonly assetSource: string
  readonly style: PictureStyle
  readonly fields: Fields
  /** A body needs at least one field of each group. */
  readonly oneOfEach: ReadonlyArray<ReadonlyArray<string>>
  /** Compute units per result. */
  readonly unitPrice: number
}

/** An endpoint whose assets have the same `source` and `metadata.type`. */
export const endpoint = (
  name: string,
  facts: Omit<Endpoint, "name" | "assetSource" | "oneOfEach"> & Partial<Pick<Endpoint, "oneOfEach">>,
): Endpoint => ({ oneOfEach: [], ...facts, name, assetSource: facts.assetType })
