import type { JsonObject } from "../src/index.ts"
import { fluxDev, png1x1 } from "./client.ts"

const sdxl = "model_sdxl-base"
const inference = { modelId: fluxDev, prompt: "a red house" }
const image = { image: png1x1 }
const mask = { mask: png1x1 }
const control = { controlImage: png1x1, modality: "canny" }
const adapter = { ipAdapterImages: [png1x1] }

/** A valid body for each of the 33 named endpoints. */
export const exampleBodies: Readonly<Record<string, JsonObject>> = {
  txt2img: { ...inference, aspectRatio: "16:9", numSamples: 2 },
  img2img: { ...inference, ...image, strength: 0.6 },
  inpaint: { ...inference, ...image, ...mask },
  controlnet: { ...inference, ...control },
  "controlnet-img2img": { ...inference, ...image, ...control },
  "controlnet-inpaint": { ...inference, ...image, ...mask, ...control },
  "txt2img-ip-adapter": { ...inference, ...adapter },
  "img2img-ip-adapter": { ...inference, ...image, ...adapter },
  "inpaint-ip-adapter": { ...inference, ...image, ...mask, ...adapter },
  "controlnet-ip-adapter": { ...inference, ...control, ...adapter },
  "controlnet-inpaint-ip-adapter": { ...inference, ...image, ...mask, controlImage: png1x1, ...adapter },
  "txt2img-texture": { modelId: sdxl, prompt: "moss" },
  "img2img-texture": { modelId: sdxl, prompt: "moss", ...image },
  "controlnet-texture": { modelId: sdxl, prompt: "moss", ...control },
  "remove-background": { ...image, format: "png" },
  vectorize: { ...image, preset: "poster" },
  pixelate: { ...image, pixelGridSize: 16, removeNoise: true },
  patch: { ...image, patch: { image: png1x1, mode: "override" }, position: { x: 0, y: 0 } },
  detect: { ...image, modality: "canny" },
  upscale: { ...image, scalingFactor: 2 },
  texture: { texture: png1x1 },
  reframe: { ...image, targetWidth: 512, targetHeight: 768 },
  restyle: { ...image, styleImages: [png1x1] },
  "generative-fill": { ...image, prompt: "a door" },
  "prompt-editing": { ...image, prompt: "make it blue" },
  "skybox-base-360": { prompt: "a night sky", numOutputs: 2 },
  "skybox-upscale-360": { ...image },
  segment: { ...image, text: "house" },
  prompt: { mode: "structured", prompt: "a house", numResults: 3 },
  translate: { prompt: "une maison rouge à la mer" },
  caption: { images: [png1x1] },
  "describe-style": { images: [png1x1] },
  embed: { text: "a red house" },
}
