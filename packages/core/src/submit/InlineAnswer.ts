import {
  anyList,
  finite,
  makeListReader,
  listOfAll,
  makeObjectReader,
  type Reader,
  text,
  textList,
} from "../api/readers.ts"

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

/** Of `POST /generate/prompt`. */
export const readPrompts = answerFrom(
  makeObjectReader({ mode: text }, { prompts: listOfAll(text) }),
  (wire) => ({
    _tag: "Prompts",
    ...wire,
  }),
)

/** Of `POST /generate/translate`. */
export const readTranslation = answerFrom(
  makeObjectReader({ detectedLanguage: text }, { translation: text }),
  (wire) => ({ _tag: "Translation", ...wire }),
)

/** Of `POST /generate/caption`. */
export const readCaptions = answerFrom(makeObjectReader({}, { captions: listOfAll(text) }), (wire) => ({
  _tag: "Captions",
  ...wire,
}))

/** Of `POST /generate/describe-style`. */
export const readStyleDescription = answerFrom(
  makeObjectReader({ synthesis: text }, { description: text }),
  (wire) => ({ _tag: "StyleDescription", ...wire }),
)

/** Of `POST /generate/embed`. */
export const readEmbedding = answerFrom(makeObjectReader({}, { embedding: listOfAll(finite) }), (wire) => ({
  _tag: "Embedding",
  ...wire,
}))

const readSegment = makeObjectReader({
  bbox: makeListReader(finite),
  masks: textList,
  images: textList,
  contours: anyList,
  message: text,
})

/** Of `POST /generate/segment`; without `segments` the result is the job's. */
export const readSegments = answerFrom(
  makeObjectReader({}, { segments: listOfAll(readSegment) }),
  ({ segments }) => ({
    _tag: "Segments",
    segments: segments.map((segment) => ({ bbox: [], masks: [], images: [], contours: [], ...segment })),
  }),
)

/** Declared as a function, because the readers above are made with it. */
function answerFrom<Wire>(read: Reader<Wire>, toAnswer: (wire: Wire) => InlineAnswer): Reader<InlineAnswer> {
  return (body) => {
    const wire = read(body)
    return wire === undefined ? undefined : toAnswer(wire)
  }
}
