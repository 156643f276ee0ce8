import { type Endpoint, endpoint } from "./Endpoint.ts"
import { between, boolean, file, files, number, oneOf, required, text, texts } from "./Field.ts"

const sampling = { seed: number, temperature: between(0, 2), topP: between(0, 1), ensureIPCleared: boolean }

export const textEndpoints: ReadonlyArray<Endpoint> = [
  endpoint("prompt", {
    jobType: "generate-prompt",
    response: "prompt",
    duration: "text",
    style: "scene",
    unitPrice: 0.75,
    assetType: "unknown",
    fields: {
      // Required in the contract, but optional in the live API. contextual-v2 is newer than the contract.
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
  endpoint("translate", {
    jobType: "translate",
    response: "translate",
    duration: "text",
    style: "scene",
    unitPrice: 0.25,
    assetType: "unknown",
    fields: { prompt: required(text), images: files, ...sampling },
  }),
  endpoint("caption", {
    jobType: "caption",
    response: "caption",
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
  endpoint("describe-style", {
    jobType: "describe-style",
    response: "describe-style",
    duration: "text",
    style: "scene",
    unitPrice: 0.5,
    assetType: "unknown",
    fields: { images: files, assetIds: files, modelId: text, unwantedSequences: texts, ...sampling },
    oneOfEach: [["images", "assetIds", "modelId"]],
  }),
  endpoint("embed", {
    jobType: "embed",
    response: "embed",
    duration: "text",
    style: "scene",
    unitPrice: 0.1,
    assetType: "unknown",
    fields: { text: required(text) },
  }),
]
