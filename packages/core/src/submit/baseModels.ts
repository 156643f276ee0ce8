import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { Model } from "../api/Model.ts"

/*
 * LoRAs and compositions don't run by themselves: a base model runs them, and has inputs for their IDs. What each field of a
 * model proves:
 *
 * - `type` says what a model is (`flux.1-lora`, `flux.1-composition`), and its family.
 * - The base's own inputs prove that it runs a LoRA, if `modelTypes` of its `loras` or `modelId` contains the LoRA's type. A
 *   base isn't used if its inputs contradict that.
 * - `compliantModelIds` contains bases, but also IDs of older endpoints (`flux.1-dev`), which can't run.
 * - `concepts` of a composition contains its LoRAs, which have the same base. It can also contain the base itself.
 * - `parentModelId` only names the origin of a model, which often is of another kind: it has to be checked.
 */

/** The inputs of a base for other models. */
export type LoraSlot = "loras" | "modelId"

/** Whether a model needs a base model to run. */
export const needsBase = (model: Model): boolean =>
  isLora(model) ||
  isComposition(model) ||
  ((model.inputs ?? []).length === 0 && model.concepts.length + model.compliantModelIds.length > 0)

const isLora = ({ type }: Model): boolean => /-lora$/i.test(type)

const isComposition = (model: Model): boolean =>
  /-composition$/i.test(model.type) || (!isLora(model) && model.concepts.length > 1)

export const findInput = (base: Model, name: string): InputDescriptor | undefined =>
  base.inputs?.find((input) => input.name === name)

/** The model types that an input of the base accepts; empty if the API doesn't say. */
export const listTypes = (base: Model, slot: LoraSlot): ReadonlyArray<string> =>
  findInput(base, slot)?.modelTypes ?? []

/** Finds the input of the base for the model, and whether its `modelTypes` prove it. */
export const findSlot = (
  base: Model,
  model: Model,
): { readonly slot: LoraSlot; readonly isProven: boolean } | undefined => {
  if (base.isCustom === false || needsBase(base)) return undefined
  const slots: ReadonlyArray<LoraSlot> = isComposition(model) ? ["modelId"] : ["loras", "modelId"]
  return slots
    .map((slot) => ({ slot, isProven: listTypes(base, slot).includes(model.type) }))
    .find(
      ({ slot, isProven }) =>
        isProven || (findInput(base, slot) !== undefined && listTypes(base, slot).length === 0),
    )
}

/** The family of a type: `flux.2-dev` for `flux.2-dev-lora`. */
const getFamily = (type: string): string => type.toLowerCase().replace(/-(lora|composition)$/, "")

/** The bases with inputs for LoRAs in Scenario's documentation, by family. */
const documentedBases: Readonly<Record<string, string>> = {
  "flux.1": "model_bfl-flux-1-dev",
  "flux.1-kontext": "model_flux-kontext-editing",
  "flux.2-dev": "model_bfl-flux-2-dev",
  "flux.2-klein-4b": "model_bfl-flux-2-klein-4b",
  "flux.2-klein-9b": "model_bfl-flux-2-klein-9b",
  "flux.2-klein-base-4b": "model_bfl-flux-2-klein-4b-base",
  "flux.2-klein-base-9b": "model_bfl-flux-2-klein-9b-base",
  "qwen-image": "model_qwen-image",
  "qwen-image-2512": "model_qwen-image-2512",
  "qwen-image-edit-2509": "model_qwen-image-edit-2509",
  "qwen-image-edit-2511": "model_qwen-image-edit-2511",
  zimage: "model_z-image",
  "zimage-de-turbo": "model_z-image",
  "zimage-turbo": "model_z-image-turbo",
}

/** An edit LoRA runs on the base of its family, unless the family has a base for edits. */
export const findDocumentedBase = (type: string): string | undefined => {
  const family = getFamily(type)
  return documentedBases[family] ?? documentedBases[family.replace(/-edit$/, "")]
}

/** Whether a listed model may be a base of this one: by its inputs, or by its ID if the list left them out. */
export const mayRun = (listed: Model, model: Model): boolean => {
  if ((listed.inputs ?? []).length > 0) return findSlot(listed, model)?.isProven === true
  const family = toLetters(getFamily(model.type))
  return listed.isCustom !== false && !needsBase(listed) && toLetters(listed.modelId).includes(family)
}

const toLetters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "")

export const describeModel = ({ modelId, name, type }: Model): string =>
  name === undefined ? `${modelId} (${type})` : `${name} (${modelId}, ${type})`
