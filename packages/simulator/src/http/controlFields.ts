import {
  anything,
  boolean,
  between,
  number,
  oneOf,
  required,
  text,
  texts,
  type Fields,
} from "../contract/endpoints/Field.ts"
import { faultNames } from "../Faults.ts"

// The bodies of the controls: `JobPlan`, `FaultOptions`, `ExternalJob`, and `ExternalAsset` as JSON.

const atLeastZero = between(0, Number.MAX_SAFE_INTEGER)

export const planFields: Fields = {
  jobId: text,
  durationMs: atLeastZero,
  outcome: oneOf("success failure canceled"),
  error: anything,
  hint: text,
  disableRefund: boolean,
  statuses: texts,
  assetCount: between(0, 1000),
  unknownStatus: text,
  vanishAfterMs: atLeastZero,
  progress: oneOf("smooth stepped stuck none backwards"),
}

export const faultFields: Fields = {
  name: required(oneOf(faultNames.join(" "))),
  rate: between(0, 1),
  path: text,
  pathPattern: text,
  method: text,
  origin: oneOf("api cdn"),
  times: between(1, Number.MAX_SAFE_INTEGER),
  delayMs: atLeastZero,
  chunks: between(1, 10_000),
  retryAfterSeconds: atLeastZero,
  retryAfterAs: oneOf("seconds milliseconds http-date"),
  status: between(300, 599),
  actionName: text,
  actionLimit: number,
  remainingSeconds: atLeastZero,
  skewMs: number,
  afterBytes: atLeastZero,
  extraBytes: number,
  framing: oneOf("content-length chunked ended"),
  to: oneOf("same-host other-origin raw-utf8"),
  value: text,
  items: number,
  maxRows: between(1, 1000),
}

export const jobFields: Fields = {
  jobId: text,
  jobType: text,
  modelId: text,
  authorId: text,
  input: anything,
  status: text,
  ageMs: atLeastZero,
  durationMs: atLeastZero,
  assetIds: texts,
  output: anything,
}

export const assetFields: Fields = {
  id: text,
  kind: oneOf("image image-hdr video audio 3d text json document"),
  mimeType: text,
  prompt: text,
  width: between(1, 4096),
  height: between(1, 4096),
  base64: text,
  name: text,
  tags: texts,
  collectionIds: texts,
  modelId: text,
  parentId: text,
  isPublic: boolean,
  readyAfterMs: atLeastZero,
  ageMs: atLeastZero,
  metadataType: text,
}

export const advanceFields: Fields = { ms: required(number) }
