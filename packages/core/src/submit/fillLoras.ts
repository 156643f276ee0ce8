import * as Predicate from "effect/Predicate"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { Model } from "../api/Model.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { describeModel, findInput, findSlot, listTypes } from "./baseModels.ts"
import type { GenerationRequest, Inputs, ModelRequest } from "./GenerationRequest.ts"
import { getElementType } from "./describeExpected.ts"
import { describeValue, formatCount } from "../utils/describeValue.ts"
import { readList } from "./readList.ts"

/** A LoRA or a composition in a request, and its path: `model`, `loras[0]`. */
export interface NamedModel {
  readonly modelId: string
  readonly path: string
  readonly strength: unknown
  readonly strengthPath: string
}

export interface TrainedModel extends NamedModel {
  readonly model: Model
}

/** The inputs of the base, with the LoRAs filled in. */
export interface FilledInputs {
  readonly inputs: Readonly<Record<string, unknown>>
  /** The caller's name for an input that was filled in: `strength` for `lorasScale[0]`. */
  readonly paths: Readonly<Record<string, string>>
}

/** The issue with the options for LoRAs, for callers without a compiler. */
export const findLoraIssue = (request: GenerationRequest): InputIssue | undefined => {
  const given: Partial<Record<string, unknown>> = { ...request }
  const name = ["strength", "loras", "baseModel"].find((option) => isSet(given[option]))
  if (name === undefined) return undefined
  const { loras = [] } = given
  if (request.model === undefined) {
    return { path: name, message: "Only a request with `model` accepts this. Remove it." }
  }
  return Array.isArray(loras) &&
    loras.every((one) => typeof one === "string" || (Predicate.isObject(one) && "model" in one))
    ? undefined
    : makeValueIssue("loras", "a list of model IDs, or of { model, strength }", describeValue(loras))
}

/**
 * Lists the models to fill in: the request's own if it is a LoRA or a composition, those in `loras`, and those in the inputs,
 * with the strengths in the inputs.
 */
export const listNamed = (
  { model, strength, loras = [], inputs }: ModelRequest,
  runsOnBase: boolean,
): ReadonlyArray<NamedModel> | InputIssue => {
  const first = runsOnBase ? [{ modelId: model, path: "model", strength, strengthPath: "strength" }] : []
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
    const expected = `one strength for each of ${formatCount(ids.length, "LoRA")}`
    return makeValueIssue("lorasScale", expected, describeValue(inputs["lorasScale"]))
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

/** Adds the LoRAs to the inputs of the base. */
export const fillLoras = (
  base: Model,
  loras: ReadonlyArray<TrainedModel>,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const unfit = loras.find(({ model }) => findSlot(base, model) === undefined)
  if (unfit !== undefined) {
    const types = [...new Set([...listTypes(base, "loras"), ...listTypes(base, "modelId")])]
    const advice =
      types.length === 0
        ? "Choose another base model."
        : `Choose a model of a type that it runs: ${types.join(", ")}.`
    const message = `${base.modelId} can't run ${describeModel(unfit.model)}. ${advice}`
    return { path: unfit.path, message }
  }
  const single = loras.find(({ model }) => findSlot(base, model)?.slot === "modelId")
  return single === undefined ? fillList(base, loras, inputs) : fillModelId(loras, single, inputs)
}

/** For a composition, or a LoRA of a base without `loras`. It runs without a strength and other LoRAs. */
const fillModelId = (
  loras: ReadonlyArray<TrainedModel>,
  { model, path, strength, strengthPath }: TrainedModel,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const refuse = (at: string): InputIssue => ({
    path: at,
    message: `${model.modelId} can't be combined with other LoRAs, a strength, or another modelId. Remove this value.`,
  })
  const other = loras.find((one) => one.modelId !== model.modelId)
  if (other !== undefined) return refuse(other.path)
  if (isSet(strength)) return refuse(strengthPath)
  const { modelId } = inputs
  return isSet(modelId) && modelId !== model.modelId
    ? refuse("modelId")
    : { inputs: { ...inputs, modelId: model.modelId }, paths: { modelId: path } }
}

const fillList = (
  base: Model,
  loras: ReadonlyArray<TrainedModel>,
  inputs: Inputs,
): FilledInputs | InputIssue => {
  const { modelId } = inputs
  if (isSet(modelId) && loras.every((one) => one.modelId !== modelId)) {
    return { path: "modelId", message: "This model isn't one of the LoRAs. Remove modelId." }
  }
  const scale = findInput(base, "lorasScale")
  const strong = loras.find(({ strength }) => isSet(strength))
  if (strong !== undefined && scale === undefined) {
    return {
      path: strong.strengthPath,
      message: `${base.modelId} doesn't accept strengths. Remove this strength.`,
    }
  }
  const isRequired = scale?.required?.always === true || scale?.required?.ifDefined.includes("loras") === true
  const ids = loras.map((one) => one.modelId)
  const strengths = loras.map(({ strength }) => (isSet(strength) ? strength : getDefaultStrength(scale)))
  return {
    inputs: {
      ...inputs,
      loras: toShape(findInput(base, "loras"), ids),
      ...(strong !== undefined || isRequired ? { lorasScale: toShape(scale, strengths) } : undefined),
    },
    paths: Object.fromEntries(
      loras.flatMap(({ path, strengthPath }, index) => [
        [`loras[${index}]`, path],
        [`lorasScale[${index}]`, strengthPath],
      ]),
    ),
  }
}

/** The strength of a LoRA without one, if it is required. */
const getDefaultStrength = ({ default: given, min, max }: Partial<InputDescriptor> = {}): number =>
  typeof given === "number" ? given : Math.min(Math.max(1, Number(min ?? 0)), Number(max ?? 1))

/** A list, or its element if the base accepts one value. The API drops values of the other type. */
const toShape = (input: InputDescriptor | undefined, values: ReadonlyArray<unknown>): unknown =>
  values.length === 1 && getElementType(input?.type ?? "") === undefined ? values[0] : values

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
