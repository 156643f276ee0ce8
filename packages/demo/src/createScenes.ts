import {
  type GenerationRequest,
  type InputDescriptor,
  type Model,
  requestFor,
} from "@scenario-automation/core"
import { type ChosenModels, findImageInput, findPromptInput } from "./chooseModels.ts"

/** One generation of the demo. */
export interface Scene {
  readonly title: string
  /** Its files are named after it. */
  readonly name: string
  readonly model: string | undefined
  /** What another scene must make first: the first picture, or the prompt that the Prompt endpoint writes. */
  readonly needs: "nothing" | "prompt" | "picture"
  readonly createRequest: (from: SceneInput) => GenerationRequest
}

export interface SceneInput {
  /** The prompt that the Prompt endpoint wrote, if the scene needs it. */
  readonly prompt: string
  /** An asset ID. To estimate a price, a data URL. */
  readonly picture: string
}

/** What all scenes show, in words. */
export const firstPrompt = "a mountain valley with a lone tree"

/** What audio models say or play: a text to read makes sense to speech models and to music models. */
const narration = "Morning comes to the mountain valley, and the lone tree wakes first."

/** Models first, then the older endpoints. */
export const createScenes = (models: ChosenModels): ReadonlyArray<Scene> => {
  const { image, model3d, video, audio, base } = models
  const hasPicture = image !== undefined || base !== undefined
  return [
    ...(image === undefined ? [] : [createModelScene("image", image, false)]),
    ...(model3d === undefined || !hasPicture ? [] : [createModelScene("3d", model3d, true)]),
    ...(video === undefined ? [] : [createModelScene("video", video, hasPicture)]),
    ...(audio === undefined ? [] : [createModelScene("audio", audio, false)]),
    ...(base === undefined ? [] : createModeScenes(base.modelId)),
    {
      title: "Prompt",
      name: "prompt",
      model: undefined,
      needs: "nothing",
      createRequest: () => ({ endpoint: "prompt", inputs: { prompt: firstPrompt } }),
    },
  ]
}

const kinds = {
  image: { label: "Image", prompt: firstPrompt },
  "3d": { label: "3D", prompt: firstPrompt },
  video: { label: "Video", prompt: `${firstPrompt}, the camera glides to the right` },
  audio: { label: "Audio", prompt: narration },
}

/** A model with its own inputs: the words, and the picture to start from if it takes one. */
const createModelScene = (kind: keyof typeof kinds, model: Model, hasPicture: boolean): Scene => {
  const { label, prompt } = kinds[kind]
  const inputs = model.inputs ?? []
  const imageInput = hasPicture ? findImageInput(inputs) : undefined
  const promptInput = findPromptInput(inputs)
  return {
    title: `${label} · ${model.name ?? model.modelId}`,
    name: kind,
    model: model.modelId,
    needs: imageInput === undefined ? "nothing" : "picture",
    createRequest: ({ picture }) =>
      requestFor(
        { model: model.modelId },
        {
          ...(imageInput === undefined ? {} : { [imageInput.name]: picture }),
          ...(promptInput === undefined ? {} : { [promptInput.name]: shorten(prompt, promptInput) }),
        },
      ),
  }
}

const shorten = (words: string, { maxLength }: InputDescriptor): string => words.slice(0, maxLength)

/** The four modes of the documented flow, each by its older endpoint. */
const createModeScenes = (modelId: string): ReadonlyArray<Scene> => {
  const landscape = { modelId, width: 1024, height: 768 }
  return [
    {
      title: "Text to image",
      name: "txt2img",
      model: modelId,
      needs: "prompt",
      createRequest: ({ prompt }) => ({
        endpoint: "txt2img",
        inputs: { ...landscape, prompt, numSamples: 2 },
      }),
    },
    {
      title: "Image to image",
      name: "img2img",
      model: modelId,
      needs: "picture",
      createRequest: ({ picture }) => ({
        endpoint: "img2img",
        inputs: {
          ...landscape,
          prompt: `${firstPrompt}, as a watercolor`,
          image: picture,
          strength: 0.6,
          numSamples: 1,
        },
      }),
    },
    {
      title: "ControlNet · canny",
      name: "controlnet",
      model: modelId,
      needs: "picture",
      createRequest: ({ picture }) => ({
        endpoint: "controlnet",
        inputs: {
          ...landscape,
          prompt: `${firstPrompt}, in winter`,
          controlImage: picture,
          modality: "canny",
          numSamples: 1,
        },
      }),
    },
    {
      title: "IP-Adapter · style",
      name: "ip-adapter",
      model: modelId,
      needs: "picture",
      createRequest: ({ picture }) => ({
        endpoint: "txt2img-ip-adapter",
        inputs: {
          ...landscape,
          prompt: "a harbor town at night",
          ipAdapterImages: [picture],
          numSamples: 1,
        },
      }),
    },
  ]
}
