import type { GenerationTarget, InputDescriptor } from "@scenario-automation/core"
import { describeInputs, type InputHelp, isEndpointName } from "@scenario-automation/core/host"
import { Effect } from "effect"
import type {
  FieldType,
  ILoadOptionsFunctions,
  ResourceMapperField,
  ResourceMapperFields,
} from "n8n-workflow"
import { runWithAccount } from "../account.ts"
import { getDescriptors } from "../inputs/getDescriptors.ts"
import { findPrompt } from "../inputs/findPrompt.ts"
import { resolveTarget } from "../inputs/readRequest.ts"
import { rejectWithNodeError } from "../nodeError.ts"
import { isRecord, toText } from "../values.ts"

/** The form for the selected model, workflow, or endpoint. */
export const getInputs = async (host: ILoadOptionsFunctions): Promise<ResourceMapperFields> => {
  const plain = (name: string) => toText(host.getCurrentNodeParameter(name))
  const located = (name: string) => toText(host.getCurrentNodeParameter(name, { extractValue: true }))
  const chosen = readTarget(plain, located)
  return chosen === undefined
    ? { fields: [], emptyFieldsNotice: nothingSelected }
    : rejectWithNodeError(host, runWithAccount(host, buildForm(chosen, plain("mode"), readBaseModel(host))))
}

const readBaseModel = (host: ILoadOptionsFunctions): string | undefined => {
  const options: unknown = host.getCurrentNodeParameter("options")
  return isRecord(options) ? toText(options["baseModel"]) : undefined
}

type Parameter = (name: string) => string | undefined

const readTarget = (plain: Parameter, located: Parameter): GenerationTarget | undefined => {
  const [resource, operation] = [plain("resource"), plain("operation")]
  if (resource === "image" || resource === "text") {
    return operation !== undefined && isEndpointName(operation) ? { endpoint: operation } : undefined
  }
  if (resource === "workflow") {
    const workflow = located("workflowId")
    return workflow === undefined ? undefined : { workflow }
  }
  const model = located("modelId")
  return model === undefined ? undefined : { model }
}

const buildForm = Effect.fn("buildForm")(function* (
  chosen: GenerationTarget,
  mode: string | undefined,
  baseModel: string | undefined,
) {
  const { target, needsMode } =
    "model" in chosen ? yield* resolveTarget(chosen.model, mode) : { target: chosen, needsMode: false }
  if (needsMode) return modeIsMissing
  const descriptors = yield* getDescriptors(target, baseModel)
  const fields = toFields(
    descriptors.filter((descriptor) => !hasOwnField(chosen, target, descriptors, descriptor)),
  )
  const form: ResourceMapperFields = {
    fields,
    ...(descriptors.length === 0 ? { emptyFieldsNotice: notDescribed } : {}),
    ...(descriptors.length > 0 && fields.length === 0 ? { emptyFieldsNotice: onlyPrompt } : {}),
  }
  return form
})

/** Model and prompt have fields outside the form, where n8n doesn't empty them. */
const hasOwnField = (
  chosen: GenerationTarget,
  target: GenerationTarget,
  descriptors: ReadonlyArray<InputDescriptor>,
  descriptor: InputDescriptor,
): boolean =>
  "model" in chosen &&
  (descriptor === findPrompt(descriptors) || ("endpoint" in target && descriptor.name === "modelId"))

const nothingSelected =
  "Select a model or workflow to see its inputs. If an expression sets it, run the previous nodes first, or use the Inputs (JSON) option."

const notDescribed =
  "Scenario does not list inputs for this model or workflow. Use the Inputs (JSON) option instead."

const onlyPrompt = "This model takes only a prompt"

const modeIsMissing: ResourceMapperFields = {
  fields: [],
  emptyFieldsNotice: "This model needs a mode. Select one in the Mode field to see its inputs.",
}

/** Required inputs first; optional ones are behind "Add input", so that only what the user has set is sent. */
const toFields = (descriptors: ReadonlyArray<InputDescriptor>): ResourceMapperField[] => {
  const helps = describeInputs(descriptors)
  const fields = descriptors.map((descriptor, index) => toField(descriptor, helps[index]))
  return [
    ...fields.filter(({ removed }) => removed !== true),
    ...fields.filter(({ removed }) => removed === true),
  ]
}

const toField = (descriptor: InputDescriptor, help: InputHelp | undefined): ResourceMapperField => {
  const isRequired = descriptor.required?.always ?? false
  const isRemoved =
    !isRequired && descriptor.prompt !== true && (descriptor.required?.ifNotDefined.length ?? 0) === 0
  const options = toOptions(descriptor)
  // Not required for n8n, which would reject an input that is set only in Inputs (JSON). Core checks all inputs.
  return {
    id: descriptor.name,
    displayName: `${toCaption(descriptor, help)}${isRequired ? " (required)" : ""}`,
    required: false,
    defaultMatch: false,
    canBeUsedToMatch: false,
    display: true,
    removed: isRemoved,
    type: options === undefined ? toFieldType(descriptor.type) : "options",
    ...(options === undefined ? {} : { options }),
    ...(isFile(descriptor) && (isRequired || isRemoved) ? { defaultValue: "data" } : {}),
  }
}

/** Whether `data` is a likely value. A mask is never the same file as its image. */
const isFile = ({ type, name, maskFrom }: InputDescriptor): boolean =>
  (type === "file" || type === "file_array") && maskFrom === undefined && !/mask/i.test(name)

/** The caption includes bounds, because n8n shows no hint with a field of the form. */
const toCaption = (
  { name, label, type, maxLength }: InputDescriptor,
  help: InputHelp | undefined,
): string => {
  const title = label ?? toTitle(name)
  const most = maxLength === undefined ? "" : `, up to ${maxLength}`
  switch (type) {
    case "string_array":
    case "model_array":
      return `${title} (list${most})`
    case "number":
      return help?.min === undefined && help?.max === undefined ? title : `${title} (${formatBounds(help)})`
    default:
      return title
  }
}

const formatBounds = ({ min, max, step }: InputHelp): string => {
  const range = [min === undefined ? "up to" : String(min), max === undefined ? "and more" : String(max)]
  const stepText = step === undefined || step === 1 ? "" : `, step ${step}`
  return `${range.join(min === undefined || max === undefined ? " " : "–")}${stepText}`
}

/** `negativePromptStrength` becomes "Negative prompt strength". */
const toTitle = (name: string): string => {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ")
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

const toOptions = ({ allowedValues, type, default: usual }: InputDescriptor) => {
  if (allowedValues === undefined || allowedValues.length === 0 || type.endsWith("_array")) return undefined
  return allowedValues
    .filter((value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    .map((value) => ({ name: value === usual ? `${value} (default)` : String(value), value }))
}

const toFieldType = (type: string): FieldType => {
  switch (type) {
    case "number":
    case "boolean":
      return type
    case "inputs":
      return "object"
    case "inputs_array":
    case "number_array":
    case "number_array_array":
      return "array"
    default:
      return "string"
  }
}
