import * as Predicate from "effect/Predicate"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { Model } from "../api/Model.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { describeModel, findInput, findSlot, listTypes } from "./baseModels.ts"
import type { GenerationRequest, Inputs, ModelRequest } from "./GenerationRequest.ts"
import { counted, describeGiven, getElementType } from "./InputWording.ts"
import { readList } from "./readList.ts"

/** A LoRA or a composition that a request names, and what the caller calls it: `model`, `loras[0]`. */
export interface NamedModel {
  readonly modelId: string
  readonly path: string
  readonly strength: unknown
  readonly strengthPath: string
}

export interface PickedModel extends NamedModel {
  readonly model: Model
}

/** The base's inputs with the picked models in them. */
export interface FilledInputs {
  readonly inputs: Readonly<Record<string, unknown>>
  /** What the caller calls a place that was filled in: `strength` for `lorasScale[0]`. */
  readonly paths: Readonly<Record<string, string>>
}

/** What is wrong with the options for LoRAs, if no compiler has checked them. */
export const findLoraIssue = (request: GenerationRequest): InputIssue | undefined => {
  const given: Partial<Record<string, unknown>> = { ...request }
  const name = ["strength", "loras", "baseModel"].find((option) => isSet(given[option]))
  if (name === undefined) return undefined
  const { loras = [] } = given
  if (!("model" in request)) {
    return { path: name, message: "Only models take LoRAs. Remove it." }
  }
  return Array.isArray(loras) &&
    loras.every((one) => typeof one === "string" || (Predicate.isObject(one) && "model" in one))
    ? undefined
    : makeValueIssue("loras", "a list of model IDs, or of { model, strength }", describeGiven(loras))
}

/**
 * The models to fill in: the request's own if it is a LoRA or a composition, those of `loras`, and those among the inputs,
 * which keep the strengths that the caller has given them there.
 */
export const listNamed = (
  { model, strength, loras = [], inputs }: ModelRequest,
  isPicked: boolean,
): ReadonlyArray<NamedModel> | InputIssue => {
  const first = isPicked ? [{ modelId: model, path: "model", strength, strengthPath: "strength" }] : []
  const options = loras.map((lora, index): NamedModel => ({
    ...(typeof lora === "string"
      ? { modelId: lora, strength: undefined }
      : { modelId: lora.model, strength: lora.strength }),
    path: `loras[${index}]`,
    strengthPath: `loras[${index}].strength`,
  }))
  const named = new Map([...first, ...options].map((one) => [one.modelId, one]))
  if (named.size < first.length + options.length) {
    const ids = options.map(({ modelId }) => modelId).join(", ")
    return { path: "loras", message: `A LoRA is named more than once: ${ids}. Name each one once.` }
  }
  const ids = isSet(inputs["loras"]) ? readList(inputs["loras"]).map(String) : [...named.keys()]
  const strengths = isSet(inputs["lorasScale"]) ? readList(inputs["lorasScale"]) : []
  if (strengths.length > 0 && strengths.length !== ids.length) {
    const expected = `one strength for each of ${counted(ids.length, "LoRA")}`
    return makeValueIssue("lorasScale", expected, describeGiven(inputs["lorasScale"]))
  }
  for (const [index, modelId] of ids.entries()) {
    const own = {
      modelId,
      path: `loras[${index}]`,
      strength: strengths[index],
      strengthPath: `lorasScale[${index}]`,
    }
    const { strength: chosen, ...same } = named.get(modelId) ?? own
    if (isSet(own.strength) && isSet(chosen) && same.strengthPath !== own.strengthPath) {
      return { path: same.strengthPath, message: "`lorasScale` is set, too. Remove one of them." }
    }
    named.set(modelId, isSet(own.strength) ? { ...own, path: same.path } : { ...same, strength: chosen })
  }
  return [...named.values()]
}

/** Puts the picked models into the base's inputs, beside those that the caller has set. */
export const fillLoras = (
  base: Model,
  picked: ReadonlyArray<PickedModel>,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const stranger = picked.find(({ model }) => findSlot(base, model) === undefined)
  if (stranger !== undefined) {
    const types = [...new Set([...listTypes(base, "loras"), ...listTypes(base, "modelId")])]
    const advice =
      types.length === 0
        ? "Choose another base model."
        : `Choose a model of a type that it runs: ${types.join(", ")}.`
    const message = `${base.modelId} can't run ${describeModel(stranger.model)}. ${advice}`
    return { path: stranger.path, message }
  }
  const single = picked.find(({ model }) => findSlot(base, model)?.slot === "modelId")
  return single === undefined ? fillList(base, picked, inputs) : fillModelId(picked, single, inputs)
}

/** A composition, or a LoRA of a base without `loras`. It runs without a strength, and without other LoRAs. */
const fillModelId = (
  picked: ReadonlyArray<PickedModel>,
  { model, path, strength, strengthPath }: PickedModel,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const refuse = (at: string): InputIssue => ({
    path: at,
    message: `${model.modelId} runs without other LoRAs, and with its own strengths. Remove it.`,
  })
  const other = picked.find((one) => one.modelId !== model.modelId)
  if (other !== undefined) return refuse(other.path)
  if (isSet(strength)) return refuse(strengthPath)
  const { modelId } = inputs
  return isSet(modelId) && modelId !== model.modelId
    ? refuse("modelId")
    : { inputs: { ...inputs, modelId: model.modelId }, paths: { modelId: path } }
}

const fillList = (
  base: Model,
  picked: ReadonlyArray<PickedModel>,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const { modelId } = inputs
  if (isSet(modelId) && picked.every((one) => one.modelId !== modelId)) {
    return { path: "modelId", message: "It names another model than the LoRAs. Remove it." }
  }
  const scale = findInput(base, "lorasScale")
  const strong = picked.find(({ strength }) => isSet(strength))
  if (strong !== undefined && scale === undefined) {
    return { path: strong.strengthPath, message: `${base.modelId} takes no strengths. Remove it.` }
  }
  const isRequired = scale?.required?.always === true || scale?.required?.ifDefined.includes("loras") === true
  const ids = picked.map((one) => one.modelId)
  const strengths = picked.map(({ strength }) => (isSet(strength) ? strength : getDefaultStrength(scale)))
  return {
    inputs: {
      ...inputs,
      loras: toShape(findInput(base, "loras"), ids),
      ...(strong !== undefined || isRequired ? { lorasScale: toShape(scale, strengths) } : undefined),
    },
    paths: Object.fromEntries(
      picked.flatMap(({ path, strengthPath }, index) => [
        [`loras[${index}]`, path],
        [`lorasScale[${index}]`, strengthPath],
      ]),
    ),
  }
}

/** The strength of a LoRA that has none, if there must be one. */
const getDefaultStrength = ({ default: given, min, max }: Partial<InputDescriptor> = {}): number =>
  typeof given === "number" ? given : Math.min(Math.max(1, Number(min ?? 0)), Number(max ?? 1))

/** A list, or its element if the base takes one value: the API drops a value of the other shape. */
const toShape = (input: InputDescriptor | undefined, values: ReadonlyArray<unknown>): unknown =>
  values.length === 1 && getElementType(input?.type ?? "") === undefined ? values[0] : values

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
