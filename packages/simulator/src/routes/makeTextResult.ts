import type { ResponseForm } from "../contract/endpoints/Endpoint.ts"
import { type JsonObject, readNumber, readString } from "../json.ts"
import { createRandom } from "../seeded.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"

const additions = [
  "at golden hour",
  "in soft morning fog",
  "seen from far above",
  "with long shadows",
  "painted in gouache",
]

/** The text result in the response and in the job's `metadata.output`. `undefined` for endpoints that make assets. */
export const makeTextResult = (
  shape: ResponseForm,
  body: JsonObject,
  sources: ReadonlyArray<AssetRecord>,
): JsonObject | undefined => {
  const prompt = readString(body, "prompt") ?? ""
  const subjects = sources.map((source) => (source.spec.prompt === "" ? "a picture" : source.spec.prompt))
  switch (shape) {
    case "prompt": {
      const count = readNumber(body, "numResults") ?? 1
      const prompts = Array.from(
        { length: count },
        (_, index) => `${prompt || "a quiet place"}, ${additions[index % additions.length]}`,
      )
      return { prompts, mode: readString(body, "mode") ?? "structured" }
    }
    case "translate":
      return { translation: `[en] ${prompt}`, detectedLanguage: detectLanguage(prompt) }
    case "caption":
      return {
        captions: (subjects.length > 0 ? subjects : ["a picture"]).map(
          (subject) => `A picture that shows ${subject}.`,
        ),
        detailsLevel: readString(body, "detailsLevel") ?? "action",
      }
    case "describe-style":
      return {
        description: "Layered shapes, deep colors, soft light from one side.",
        synthesis: `layered, luminous, calm${subjects[0] === undefined ? "" : `, after ${subjects[0]}`}`,
      }
    case "embed": {
      const random = createRandom(`embedding/${readString(body, "text") ?? ""}`)
      return { embedding: Array.from({ length: 64 }, () => Number((random() * 2 - 1).toFixed(6))) }
    }
    case "segment":
      return {
        segments: [
          {
            checkpoint: readString(body, "checkpoint") ?? "fastsam_x",
            nbMasks: 1,
            bbox: [0.25, 0.25, 0.75, 0.75],
            message: "1 mask found",
            masks: body["resultMask"] === false ? undefined : [onePixel],
            images: body["resultImage"] === true ? [onePixel] : undefined,
            contours:
              body["resultContours"] === true
                ? [
                    [
                      [
                        [0.25, 0.25],
                        [0.75, 0.25],
                        [0.75, 0.75],
                      ],
                    ],
                  ]
                : undefined,
          },
        ],
      }
    default:
      return undefined
  }
}

const detectLanguage = (text: string): string => {
  if (/[àâçéèêëîïôûù]/i.test(text)) return "fr"
  if (/[äöüß]/i.test(text)) return "de"
  return /[ñ¿¡áíóú]/i.test(text) ? "es" : "en"
}

/** A black PNG of one pixel. */
const onePixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
