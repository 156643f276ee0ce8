import { Models } from "@scenario-automation/core"
import { findModes } from "@scenario-automation/core/host"
import type { ILoadOptionsFunctions, INodePropertyOptions } from "n8n-workflow"
import { runWithAccount } from "../account.ts"
import { runsOnBase } from "../inputs/runsOnBase.ts"
import { rejectWithNodeError } from "../nodeError.ts"
import { toText } from "../values.ts"

export const getModes = async (host: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> => {
  const modelId = toText(host.getCurrentNodeParameter("modelId", { extractValue: true }))
  if (modelId === undefined) return [ownInputs]
  const model = await rejectWithNodeError(
    host,
    runWithAccount(
      host,
      Models.use((models) => models.get(modelId)),
    ),
  )
  if (model.isCustom === true) return [ownInputs]
  const needsMode = model.isCustom === false && !runsOnBase(model)
  return [
    needsMode ? choose : ownInputs,
    ...findModes(model).map((mode): INodePropertyOptions => ({ name: labels[mode] ?? mode, value: mode })),
  ]
}

const ownInputs: INodePropertyOptions = {
  name: "Not Needed",
  value: "",
  description: "This model does not need a mode",
}

const choose: INodePropertyOptions = {
  name: "Select a Mode…",
  value: "",
  description: "Select how to run this model",
}

const labels: Readonly<Record<string, string>> = {
  txt2img: "Text to Image",
  img2img: "Image to Image",
  inpaint: "Inpaint",
  controlnet: "ControlNet",
  "controlnet-img2img": "ControlNet, From an Image",
  "controlnet-inpaint": "ControlNet, Inpaint",
  "txt2img-ip-adapter": "IP-Adapter",
  "img2img-ip-adapter": "IP-Adapter, From an Image",
  "inpaint-ip-adapter": "IP-Adapter, Inpaint",
  "controlnet-ip-adapter": "IP-Adapter With ControlNet",
  "controlnet-inpaint-ip-adapter": "IP-Adapter With ControlNet, Inpaint",
  "txt2img-texture": "Texture",
  "img2img-texture": "Texture, From an Image",
  "controlnet-texture": "Texture With ControlNet",
}
