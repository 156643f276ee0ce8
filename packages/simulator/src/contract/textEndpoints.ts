import {
  anything,
  between,
  boolean,
  file,
  files,
  makeListField,
  number,
  oneOf,
  required,
  text,
  texts,
} from "./Field.ts"
import type { GenerateEndpoint } from "./GenerateEndpoint.ts"
import { named } from "./named.ts"

// The six endpoints whose result is text or numbers, inline in the answer. Facts: OAS, request bodies.

const image = required(file)
const sampling = { seed: number, temperature: between(0, 2), topP: between(0, 1), ensureIPCleared: boolean }

export const textEndpoints: readonly GenerateEndpoint[] = [
  named("segment", {
    jobType: "segment",
    answer: "segment",
    duration: "text",
    style: "line-art",
    unitPrice: 1,
    assetType: "segment",
    fields: {
      image,
      bbox: makeListField(anything),
      points: makeListField(makeListField(anything)),
      text: { type: "string", maxLength: 100 },
      checkpoint: oneOf("fastsam_x sam_b sam_h"),
      resultMask: boolean,
      resultImage: boolean,
      resultContours: boolean,
      dilate: between(0, 30),
      backgroundOpacity: between(0, 255),
      betterQuality: boolean,
    },
  }),
  named("prompt", {
    jobType: "generate-prompt",
    answer: "prompt",
    duration: "text",
    style: "scene",
    unitPrice: 0.75,
    assetType: "unknown",
    fields: {
      // Required in the contract, optional live [BL]; contextual-v2 is newer than the contract.
      mode: oneOf("completion contextual contextual-v2 image-editing inventive structured"),
      prompt: text,
      image: file,
      images: files,
      assetIds: files,
      modelId: text,
      numResults: between(1, 5),
      ...sampling,
    },
  }),
  named("translate", {
    jobType: "translate",
    answer: "translate",
    duration: "text",
    style: "scene",
    unitPrice: 0.25,
    assetType: "unknown",
    fields: { prompt: required(text), images: files, ...sampling },
  }),
  named("caption", {
    jobType: "caption",
    answer: "caption",
    duration: "text",
    style: "scene",
    unitPrice: 0.5,
    assetType: "unknown",
    fields: {
      images: files,
      assetIds: files,
      detailsLevel: oneOf("action action+style"),
      modelId: text,
      unwantedSequences: texts,
      ...sampling,
    },
    oneOfEach: [["images", "assetIds"]],
  }),
  named("describe-style", {
    jobType: "describe-style",
    answer: "describe-style",
    duration: "text",
    style: "scene",
    unitPrice: 0.5,
    assetType: "unknown",
    fields: { images: files, assetIds: files, modelId: text, unwantedSequences: texts, ...sampling },
    oneOfEach: [["images", "assetIds", "modelId"]],
  }),
  named("embed", {
    jobType: "embed",
    answer: "embed",
    duration: "text",
    style: "scene",
    unitPrice: 0.1,
    assetType: "unknown",
    fields: { text: required(text) },
  }),
]
