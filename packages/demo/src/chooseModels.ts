import { type InputDescriptor, type Model, Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"

/** The models that the demo runs. One that the account doesn't have is left out. */
export interface ChosenModels {
  /** Makes a picture from a prompt. */
  readonly image: Model | undefined
  /** Makes a 3D model from a picture. */
  readonly model3d: Model | undefined
  /** Makes a video from a picture, or else from a prompt. */
  readonly video: Model | undefined
  /** Makes a sound from a text. */
  readonly audio: Model | undefined
  /** A Stable Diffusion or Flux model, which the older endpoints need. */
  readonly base: Model | undefined
}

/** At most this many models are listed. */
const maxListed = 300

/** At most this many models are read one by one for each role. */
const maxCandidates = 10

const modes = ["txt2img", "img2img", "controlnet", "txt2img_ip_adapter"]

/** Chooses among the models that this account may use, its own first. */
export const chooseModels = Effect.gen(function* () {
  const models = yield* Models
  const listed = yield* Stream.runCollect(
    models.list({ privacy: "both", pageSize: 100 }).pipe(
      Stream.take(maxListed),
      Stream.filter((model) => model.status === undefined || model.status === "trained"),
    ),
  )
  /** Lists may leave the inputs out, so each candidate is read by itself. */
  const findModel = Effect.fnUntraced(function* (
    capability: string,
    fits: (inputs: ReadonlyArray<InputDescriptor>) => boolean,
  ) {
    const candidates = listed.filter(
      (model) => model.isCustom === true && model.capabilities.includes(capability),
    )
    for (const { modelId } of candidates.slice(0, maxCandidates)) {
      const model = yield* models.get(modelId)
      if (fits(model.inputs ?? [])) return model
    }
    return undefined
  })
  const needsPrompt = (inputs: ReadonlyArray<InputDescriptor>) =>
    findPromptInput(inputs) !== undefined && needsOnly(inputs, [findPromptInput(inputs)])
  const needsImage = (inputs: ReadonlyArray<InputDescriptor>) =>
    findImageInput(inputs) !== undefined &&
    needsOnly(inputs, [findImageInput(inputs), findPromptInput(inputs)])

  const chosen: ChosenModels = {
    image: yield* findModel("txt2img", needsPrompt),
    model3d: yield* findModel("img23d", needsImage),
    video: (yield* findModel("img2video", needsImage)) ?? (yield* findModel("txt2video", needsPrompt)),
    audio: yield* findModel("txt2audio", needsPrompt),
    base: listed.find(
      (model) => model.isCustom === false && modes.every((mode) => model.capabilities.includes(mode)),
    ),
  }
  return chosen
})

/** The input that takes the picture to start from. */
export const findImageInput = (inputs: ReadonlyArray<InputDescriptor>): InputDescriptor | undefined =>
  inputs.find(({ type, kind }) => (type === "file" || type === "file_array") && kind === "image")

/** The input that takes the words: speech models call it `text`. */
export const findPromptInput = (inputs: ReadonlyArray<InputDescriptor>): InputDescriptor | undefined =>
  inputs.find(({ name, type }) => type === "string" && (name === "prompt" || name === "text"))

const needsOnly = (
  inputs: ReadonlyArray<InputDescriptor>,
  known: ReadonlyArray<InputDescriptor | undefined>,
): boolean => inputs.every((input) => input.required?.always !== true || known.includes(input))
