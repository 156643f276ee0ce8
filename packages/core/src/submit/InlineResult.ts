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

/** A part that a segmentation found. */
export interface Segment {
  /** [x1, y1, x2, y2] in pixels. */
  readonly bbox: ReadonlyArray<number>
  /** Asset IDs or data URLs, as the API returns them. */
  readonly masks: ReadonlyArray<string>
  readonly images: ReadonlyArray<string>
  /** Outlines: for each mask, rings of [x, y]. */
  readonly contours: ReadonlyArray<unknown>
  readonly message?: string | undefined
}

/** A result in the response to the submit. */
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
export const readPrompts = makeAnswerReader(
  makeObjectReader({ mode: text }, { prompts: listOfAll(text) }),
  (wire) => ({
    _tag: "Prompts",
    ...wire,
  }),
)

/** Of `POST /generate/translate`. */
export const readTranslation = makeAnswerReader(
  makeObjectReader({ detectedLanguage: text }, { translation: text }),
  (wire) => ({ _tag: "Translation", ...wire }),
)

/** Of `POST /generate/caption`. */
export const readCaptions = makeAnswerReader(makeObjectReader({}, { captions: listOfAll(text) }), (wire) => ({
  _tag: "Captions",
  ...wire,
}))

/** Of `POST /generate/describe-style`. */
export const readStyleDescription = makeAnswerReader(
  makeObjectReader({ synthesis: text }, { description: text }),
  (wire) => ({ _tag: "StyleDescription", ...wire }),
)

/** Of `POST /generate/embed`. */
export const readEmbedding = makeAnswerReader(
  makeObjectReader({}, { embedding: listOfAll(finite) }),
  (wire) => ({
    _tag: "Embedding",
    ...wire,
  }),
)

const readSegment = makeObjectReader({
  bbox: makeListReader(finite),
  masks: textList,
  images: textList,
  contours: anyList,
  message: text,
})

/** Of `POST /generate/segment`. Without `segments`, the job has the result. */
export const readSegments = makeAnswerReader(
  makeObjectReader({}, { segments: listOfAll(readSegment) }),
  ({ segments }) => ({
    _tag: "Segments",
    segments: segments.map((segment) => ({ bbox: [], masks: [], images: [], contours: [], ...segment })),
  }),
)

/** A function declaration, because the readers above use it. */
function makeAnswerReader<Wire>(
  read: Reader<Wire>,
  toAnswer: (wire: Wire) => InlineAnswer,
): Reader<InlineAnswer> {
  return (body) => {
    const wire = read(body)
    return wire === undefined ? undefined : toAnswer(wire)
  }
}
