import type { ModelRecord } from "../catalog/ModelRecord.ts"
import type { Endpoint } from "../contract/endpoints/Endpoint.ts"
import { type JsonObject, numberAt } from "../json.ts"
import { jittered } from "../world/createJob.ts"
import type { World } from "../world/World.ts"

/** Compute Units for a named endpoint, the same in a dry run and in earnest. */
export const getPrice = (world: World, endpoint: Endpoint, body: JsonObject): number => {
  if (endpoint.response === "prompt") return promptPrice(body)
  if (endpoint.duration === "text") return endpoint.unitPrice
  const pixels = (numberAt(body, "width") ?? 1024) * (numberAt(body, "height") ?? 1024)
  const size = Math.max(0.5, pixels / (1024 * 1024))
  const results = numberAt(body, "numSamples") ?? numberAt(body, "numOutputs") ?? 1
  return Math.round(jittered(world, endpoint.name, endpoint.unitPrice) * size * results * 4) / 4
}

/** Prompt Spark's prices [BL, live 2026-08-28]. */
const promptPrice = (body: JsonObject): number => {
  const base = body["modelId"] !== undefined && body["mode"] === "contextual" ? 3.75 : 0.75
  return base + 0.125 * ((numberAt(body, "numResults") ?? 1) - 1)
}

/** Compute Units for a run of `/generate/custom/{modelId}`. */
export const getCustomPrice = (world: World, model: ModelRecord, inputs: JsonObject): number => {
  const count = model.output.countInput === undefined ? 1 : (numberAt(inputs, model.output.countInput) ?? 1)
  const units = count * (model.output.maps?.length ?? 1) * (numberAt(inputs, "duration") === 10 ? 2 : 1)
  return jittered(world, model.id, model.output.unitPrice) * units
}
