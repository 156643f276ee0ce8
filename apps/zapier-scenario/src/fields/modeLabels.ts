import type { EndpointName } from "@scenario-automation/core"
import { toTitle } from "./inputLabel.ts"

export const getModeLabel = (mode: EndpointName): string => labels[mode] ?? toTitle(mode)

const labels: Partial<Record<EndpointName, string>> = {
  txt2img: "Text to Image",
  img2img: "Image to Image",
  inpaint: "Inpaint",
  controlnet: "ControlNet",
  "controlnet-img2img": "ControlNet with Image to Image",
  "controlnet-inpaint": "ControlNet with Inpaint",
  "txt2img-ip-adapter": "Text to Image with IP-Adapter",
  "img2img-ip-adapter": "Image to Image with IP-Adapter",
  "inpaint-ip-adapter": "Inpaint with IP-Adapter",
  "controlnet-ip-adapter": "ControlNet with IP-Adapter",
  "controlnet-inpaint-ip-adapter": "ControlNet with Inpaint and IP-Adapter",
  "txt2img-texture": "Text to Texture",
  "img2img-texture": "Image to Texture",
  "controlnet-texture": "ControlNet to Texture",
}
