import { type GenerationRequest, requestFor } from "@scenario-automation/core"
import { type ChosenModels, viewInput } from "./chooseModels.ts"

/** One generation of the demo. */
export interface Scene {
  readonly title: string
  /** Its files are named after it. */
  readonly name: string
  readonly model: string | undefined
  /** What goes into a scene comes out of those before it. */
  readonly needs: "nothing" | "idea" | "picture"
  readonly request: (from: SceneInput) => GenerationRequest
}

export interface SceneInput {
  /** What is to be shown, in words. */
  readonly idea: string
  /** An asset id, or a data URL where only the price is asked for. */
  readonly picture: string
}

/** What the first scene makes a picture's worth of. */
export const firstIdea = "a mountain valley with a lone tree"

/** The first makes the idea, the second the picture; the others go on from these. */
export const scenesWith = ({ base, picture, sculptor }: ChosenModels): ReadonlyArray<Scene> => {
  const [first, ...others] = base === undefined ? [] : modeScenes(base.modelId)
  return [
    {
      title: "Prompt",
      name: "prompt",
      model: undefined,
      needs: "nothing",
      request: ({ idea }) => ({ endpoint: "prompt", inputs: { prompt: idea } }),
    },
    ...(first === undefined ? [] : [first]),
    ...(picture === undefined
      ? []
      : [
          {
            title: `Custom model · ${picture.name ?? picture.modelId}`,
            name: "custom-model",
            model: picture.modelId,
            needs: "idea" as const,
            request: ({ idea }: SceneInput): GenerationRequest => ({
              model: picture.modelId,
              inputs: { prompt: idea },
            }),
          },
        ]),
    ...others,
    // It needs the picture of the first.
    ...(first === undefined || sculptor === undefined
      ? []
      : [
          {
            title: `3D · ${sculptor.name ?? sculptor.modelId}`,
            name: "sculpture",
            model: sculptor.modelId,
            needs: "picture" as const,
            request: ({ idea, picture: view }: SceneInput): GenerationRequest => {
              const inputs = sculptor.inputs ?? []
              const needsPrompt = inputs.some(
                ({ name, required }) => name === "prompt" && required?.always === true,
              )
              return requestFor(
                { model: sculptor.modelId },
                { [viewInput(inputs)?.name ?? "image"]: view, ...(needsPrompt ? { prompt: idea } : {}) },
              )
            },
          },
        ]),
  ]
}

const modeScenes = (modelId: string): ReadonlyArray<Scene> => {
  const landscape = { modelId, width: 1024, height: 768 }
  return [
    {
      title: "Text to image",
      name: "txt2img",
      model: modelId,
      needs: "idea",
      request: ({ idea }) => ({
        endpoint: "txt2img",
        inputs: { ...landscape, prompt: idea, numSamples: 2 },
      }),
    },
    {
      title: "Image to image",
      name: "img2img",
      model: modelId,
      needs: "picture",
      request: ({ idea, picture }) => ({
        endpoint: "img2img",
        inputs: {
          ...landscape,
          prompt: `${idea}, as a watercolour`,
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
      request: ({ idea, picture }) => ({
        endpoint: "controlnet",
        inputs: {
          ...landscape,
          prompt: `${idea}, in winter`,
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
      request: ({ picture }) => ({
        endpoint: "txt2img-ip-adapter",
        inputs: {
          ...landscape,
          prompt: "a harbour town at night",
          ipAdapterImages: [picture],
          numSamples: 1,
        },
      }),
    },
  ]
}
