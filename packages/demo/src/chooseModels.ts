import { type InputDescriptor, type Model, Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"

/** The models that the demo runs; one that the account does not have is left out. */
export interface ChosenModels {
  /** Of the Stable Diffusion and Flux kin: does everything that needs a mode. */
  readonly base: Model | undefined
  /** Makes pictures from a prompt alone, by its own inputs. */
  readonly picture: Model | undefined
  /** Makes a 3D object from a picture. */
  readonly sculptor: Model | undefined
}

/** So many models are looked through. */
const mostModels = 300

const modes = ["txt2img", "img2img", "controlnet", "txt2img_ip_adapter"]

/** What fits among the models that this account may use, its own first. */
export const chooseModels = Effect.gen(function* () {
  const models = yield* Models
  const listed = yield* Stream.runCollect(
    models.list({ privacy: "both", pageSize: 100 }).pipe(
      Stream.take(mostModels),
      Stream.filter((model) => model.status === undefined || model.status === "trained"),
    ),
  )
  /** Lists may leave the inputs out: candidates are asked for one by one. */
  const firstThat = Effect.fnUntraced(function* (
    capability: string,
    fits: (inputs: ReadonlyArray<InputDescriptor>) => boolean,
  ) {
    const able = listed.filter((model) => model.isCustom === true && model.capabilities.includes(capability))
    for (const { modelId } of able.slice(0, 10)) {
      const model = yield* models.get(modelId)
      if (fits(model.inputs ?? [])) return model
    }
    return undefined
  })
  const chosen: ChosenModels = {
    base: listed.find(
      (model) => model.isCustom === false && modes.every((mode) => model.capabilities.includes(mode)),
    ),
    picture: yield* firstThat("txt2img", (inputs) => needsOnly(inputs, ["prompt"])),
    sculptor: yield* firstThat("img23d", (inputs) => {
      const view = viewInput(inputs)
      return view !== undefined && needsOnly(inputs, [view.name, "prompt"])
    }),
  }
  return chosen
})

/** The input of a 3D model that takes the picture. */
export const viewInput = (inputs: ReadonlyArray<InputDescriptor>): InputDescriptor | undefined =>
  inputs.find(({ type, kind }) => (type === "file" || type === "file_array") && kind === "image")

const needsOnly = (inputs: ReadonlyArray<InputDescriptor>, names: ReadonlyArray<string>): boolean =>
  inputs.every(({ name, required }) => required?.always !== true || names.includes(name))
