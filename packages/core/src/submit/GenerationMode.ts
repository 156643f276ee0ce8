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
 * The issue with running a model by its own inputs when it is not made for that (`custom` false: the Stable
 * Diffusion and Flux kin). The mode is the caller's to name, because each asks for other inputs and costs
 * something else. `undefined` where the model can be run, or the API does not say.
 */
export const modeIssue = (model: Model): InputIssue | undefined => {
  if (model.isCustom !== false) return undefined
  const modes = findModes(model)
  const advice =
    modes.length === 0
      ? "Its capabilities name no endpoint for it: choose another model."
      : `Pass one of these endpoints instead, with this model as modelId: ${modes.join(", ")}.`
  return { path: "model", message: `${model.modelId} doesn't run by its own inputs. ${advice}` }
}
