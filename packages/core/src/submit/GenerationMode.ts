import type { Model } from "../api/Model.ts"
import type { InputIssue } from "../errors.ts"
import { type EndpointName, endpointNames, endpoints } from "./EndpointTable.ts"

/** The endpoints that run this model in a mode of its `capabilities`: `txt2img`, `controlnet-ip-adapter`, … */
export const findModes = (model: Model): ReadonlyArray<EndpointName> =>
  endpointNames.filter((name) => {
    const capability = endpoints[name].capability
    return capability !== undefined && model.capabilities.includes(capability)
  })

/**
 * The issue if a model can't run by its own inputs (`isCustom` is false, as for the Stable Diffusion and Flux families). The
 * caller has to choose a mode, because each has its own inputs and price. `undefined` if the model can run, or if the API
 * doesn't say.
 */
export const findModeIssue = (model: Model): InputIssue | undefined => {
  if (model.isCustom !== false) return undefined
  const modes = findModes(model)
  const advice =
    modes.length === 0
      ? "None of its capabilities has an endpoint. Choose another model."
      : `Pass one of these endpoints instead, with this model as modelId: ${modes.join(", ")}.`
  return { path: "model", message: `${model.modelId} can't be run directly. ${advice}` }
}
