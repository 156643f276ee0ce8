import type { ModelRecord } from "../catalog/ModelRecord.ts"
import type { Endpoint } from "../contract/endpoints/Endpoint.ts"
import { type JsonObject, readNumber } from "../json.ts"
import { varyPrice } from "../world/createJob.ts"
import type { World } from "../world/World.ts"

/** Compute units for a named endpoint. A dry run has the same price. */
export const getPrice = (world: World, endpoint: Endpoint, body: JsonObject): number => {
  if (endpoint.response === "prompt") return getPromptPrice(body)
  if (endpoint.duration === "text") return endpoint.unitPrice
  const pixels = (readNumber(body, "width") ?? 1024) * (readNumber(body, "height") ?? 1024)
  const size = Math.max(0.5, pixels / (1024 * 1024))
  const results = readNumber(body, "numSamples") ?? readNumber(body, "numOutputs") ?? 1
  return Math.round(varyPrice(world, endpoint.name, endpoint.unitPrice) * size * results * 4) / 4
}

/** The prices of the live API on 2026-08-28. */
const getPromptPrice = (body: JsonObject): number => {
  const base = body["modelId"] !== undefined && body["mode"] === "contextual" ? 3.75 : 0.75
  return base + 0.125 * ((readNumber(body, "numResults") ?? 1) - 1)
}

/** Compute units for a run of `/generate/custom/{modelId}`. */
export const getCustomPrice = (world: World, model: ModelRecord, inputs: JsonObject): number => {
  const count = model.output.countInput === undefined ? 1 : (readNumber(inputs, model.output.countInput) ?? 1)
  const units = count * (model.output.maps?.length ?? 1) * (readNumber(inputs, "duration") === 10 ? 2 : 1)
  return varyPrice(world, model.id, model.output.unitPrice) * units
}
