import { Option, Schema } from "effect"
import { elements, lenient, lenientArray, OptionalString, StringList } from "../api/lenient.ts"

/** One part that a segmentation has found. */
export interface Segment {
  /** [x1, y1, x2, y2] in pixels. */
  readonly bbox: ReadonlyArray<number>
  /** Asset ids or data URLs, as the API hands them out. */
  readonly masks: ReadonlyArray<string>
  readonly images: ReadonlyArray<string>
  /** Outlines: for each mask, rings of [x, y]. */
  readonly contours: ReadonlyArray<unknown>
  readonly message?: string | undefined
}

/** A result that came with the answer to the submit itself. */
export type InlineAnswer =
  | { readonly _tag: "Prompts"; readonly prompts: ReadonlyArray<string>; readonly mode?: string | undefined }
  | {
      readonly _tag: "Translation"
      readonly translation: string
      readonly detectedLanguage?: string | undefined
    }
  | { readonly _tag: "Captions"; readonly captions: ReadonlyArray<string> }
  | {
      readonly _tag: "StyleDescription"
      readonly description: string
      /** The description in a sentence. */
      readonly synthesis?: string | undefined
    }
  | { readonly _tag: "Embedding"; readonly embedding: ReadonlyArray<number> }
  | { readonly _tag: "Segments"; readonly segments: ReadonlyArray<Segment> }

const reader =
  <S extends Schema.ConstraintDecoder<unknown>>(schema: S, toAnswer: (wire: S["Type"]) => InlineAnswer) =>
  (body: unknown): InlineAnswer | undefined =>
    Option.getOrUndefined(Option.map(Schema.decodeUnknownOption(schema)(body), toAnswer))

/** Of `POST /generate/prompt`. */
export const readPrompts = reader(
  Schema.Struct({ prompts: Schema.Array(Schema.String), mode: OptionalString }),
  ({ prompts, mode }) => ({ _tag: "Prompts", prompts, mode }),
)

/** Of `POST /generate/translate`. */
export const readTranslation = reader(
  Schema.Struct({ translation: Schema.String, detectedLanguage: OptionalString }),
  ({ translation, detectedLanguage }) => ({ _tag: "Translation", translation, detectedLanguage }),
)

/** Of `POST /generate/caption`. */
export const readCaptions = reader(
  Schema.Struct({ captions: Schema.Array(Schema.String) }),
  ({ captions }) => ({ _tag: "Captions", captions }),
)

/** Of `POST /generate/describe-style`. */
export const readStyleDescription = reader(
  Schema.Struct({ description: Schema.String, synthesis: OptionalString }),
  ({ description, synthesis }) => ({ _tag: "StyleDescription", description, synthesis }),
)

/** Of `POST /generate/embed`. */
export const readEmbedding = reader(
  Schema.Struct({ embedding: Schema.Array(Schema.Finite) }),
  ({ embedding }) => ({ _tag: "Embedding", embedding }),
)

const WireSegment = Schema.Struct({
  bbox: lenientArray(Schema.Finite),
  masks: StringList,
  images: StringList,
  contours: lenient(Schema.Array(Schema.Unknown)),
  message: OptionalString,
})

/** Of `POST /generate/segment`; without `segments` the result is the job's. */
export const readSegments = reader(
  Schema.Struct({ segments: Schema.Array(WireSegment) }),
  ({ segments }) => ({
    _tag: "Segments",
    segments: segments.map((segment) => ({
      bbox: elements(segment.bbox),
      masks: elements(segment.masks),
      images: elements(segment.images),
      contours: segment.contours ?? [],
      message: segment.message,
    })),
  }),
)
