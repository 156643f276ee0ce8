import type { Json, JsonObject } from "../json.ts"
import type { AssetKind, PictureStyle } from "../media/AssetSpec.ts"
import type { DurationKind } from "../world/jobTimeline.ts"

/** An input of a model, as in `GET /models/{modelId}`. A type and not an interface, because only a type is a `JsonObject`. */
export type ModelInput = {
  readonly name: string
  readonly type:
    | "string"
    | "number"
    | "boolean"
    | "file"
    | "file_array"
    | "string_array"
    | "number_array"
    | "model"
    | "model_array"
    | "inputs_array"
  readonly label?: string
  readonly description?: string
  readonly hint?: string
  readonly placeholder?: string
  readonly group?: string
  readonly default?: Json
  readonly allowedValues?: ReadonlyArray<string | number>
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly minLength?: number
  /** Characters of a text, or items of an array. */
  readonly maxLength?: number
  readonly kind?: AssetKind
  /** Bytes. */
  readonly maxSize?: number
  /** Seconds. */
  readonly maxDuration?: number
  readonly required?: {
    readonly always?: boolean
    readonly ifDefined?: Readonly<Record<string, { readonly message: string }>>
    readonly ifNotDefined?: Readonly<Record<string, { readonly message: string }>>
    /** The form of the value is a guess: the contract doesn't define it. */
    readonly conditionalValues?: Readonly<
      Record<string, { readonly values: ReadonlyArray<string>; readonly message: string }>
    >
  }
  readonly costImpact?: boolean
  readonly prompt?: boolean
  readonly promptSpark?: boolean
  readonly parent?: boolean
  readonly maskFrom?: string
  readonly backgroundBehavior?: "opaque" | "transparent"
  readonly modelTypes?: ReadonlyArray<string>
  readonly inputs?: ReadonlyArray<ModelInput>
}

/** What a model makes. The API's model doesn't say it. */
export interface ModelOutput {
  readonly kind: AssetKind
  readonly mimeType: string
  readonly duration: DurationKind
  readonly style: PictureStyle
  /** `metadata.type` of the assets. */
  readonly assetType: string
  /** The input with the number of results. */
  readonly countInput?: string
  /** The texture maps that each run makes, instead of a number of results. */
  readonly maps?: ReadonlyArray<string>
  /** Whether the result is `metadata.output` instead of an asset. */
  readonly isOutputOnly?: boolean
  /** Compute units per result. */
  readonly unitPrice: number
}

export interface ModelRecord {
  readonly id: string
  readonly name: string
  readonly shortDescription: string
  readonly type: string
  readonly privacy: "private" | "public"
  readonly status: string
  /** Whether it runs through `/generate/custom/{modelId}`, and not through the named endpoints. */
  readonly custom: boolean
  readonly capabilities: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  /** 0 Free, 25 Creator, 50 Pro, 75 Team, 100 Enterprise. */
  readonly accessRestrictions: number
  readonly inputs: ReadonlyArray<ModelInput>
  readonly output: ModelOutput
  readonly uiConfig?: JsonObject
  readonly parentModelId?: string
  /** The base models that run a LoRA, including their older IDs. */
  readonly compliantModelIds?: ReadonlyArray<string>
  /** The models that a composition combines, or that a LoRA belongs to. */
  readonly concepts?: ReadonlyArray<{ readonly modelId: string; readonly scale: number }>
  readonly trainingImagesNumber: number
}

export const planNames: Readonly<Record<number, string>> = {
  0: "Free",
  25: "Creator",
  50: "Pro",
  75: "Team",
  100: "Enterprise",
}
