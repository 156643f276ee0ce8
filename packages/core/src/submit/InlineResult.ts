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
export type InlineResult =
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

const makeResultReader =
  <Wire>(read: Reader<Wire>, toResult: (wire: Wire) => InlineResult): Reader<InlineResult> =>
  (body) => {
    const wire = read(body)
    return wire === undefined ? undefined : toResult(wire)
  }

/** Of `POST /generate/prompt`. */
export const readPrompts = makeResultReader(
  makeObjectReader({ mode: text }, { prompts: listOfAll(text) }),
  (wire) => ({
    _tag: "Prompts",
    ...wire,
  }),
)

/** Of `POST /generate/translate`. */
export const readTranslation = makeResultReader(
  makeObjectReader({ detectedLanguage: text }, { translation: text }),
  (wire) => ({ _tag: "Translation", ...wire }),
)

/** Of `POST /generate/caption`. */
export const readCaptions = makeResultReader(makeObjectReader({}, { captions: listOfAll(text) }), (wire) => ({
  _tag: "Captions",
  ...wire,
}))

/** Of `POST /generate/describe-style`. */
export const readStyleDescription = makeResultReader(
  makeObjectReader({ synthesis: text }, { description: text }),
  (wire) => ({ _tag: "StyleDescription", ...wire }),
)

/** Of `POST /generate/embed`. */
export const readEmbedding = makeResultReader(
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
export const readSegments = makeResultReader(
  makeObjectReader({}, { segments: listOfAll(readSegment) }),
  ({ segments }) => ({
    _tag: "Segments",
    segments: segments.map((segment) => ({ bbox: [], masks: [], images: [], contours: [], ...segment })),
  }),
)
