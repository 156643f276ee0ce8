import { findUnknownTemplateFields } from "@scenario-automation/core/host"
import { BadParameter } from "./BadParameter.ts"
import { readLoras } from "./inputs/readLoras.ts"
import { quote, readBoolean, readChoice, readNumber, readText } from "./readValues.ts"
import { toFilledList, isRecord, tryParseJson } from "./values.ts"

type Fields = Readonly<Record<string, unknown>>

/** The options that the user has added, all of them usable. */
export type Options = {
  readonly [Name in keyof typeof readers]?: ReturnType<(typeof readers)[Name]>
}

/** Throws a `BadParameter` if an option can't be read. */
export const readOptions = (added: Fields): Options => {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(added)) {
    if (isOption(name)) options[name] = readers[name](value)
  }
  return options
}

const isOption = (name: string): name is keyof typeof readers => Object.hasOwn(readers, name)

const readFileName = (value: unknown): string | undefined => {
  const template = readText("File Name", value)
  const [unknown] = template === undefined ? [] : findUnknownTemplateFields(template)
  if (unknown === undefined) return template
  throw new BadParameter({
    message: `File Name has no field {${unknown}}. Nothing was sent. Use {assetId}, {jobId}, {index}, {name}, {prompt}, {modelId}, {seed}, {kind}, {width}, {height} or {date}.`,
  })
}

/** An empty editor means no inputs, but an expression without a result is an error. */
const readInputsJson = (value: unknown): Fields => {
  if (typeof value === "string" && value.trim() === "") return {}
  const inputs = typeof value === "string" ? tryParseJson(value) : value
  if (isRecord(inputs)) return inputs
  throw new BadParameter({
    message: `Inputs (JSON) is not a JSON object: it is ${quote(value)}. Nothing was sent. Write it like {"prompt": "a red house", "width": 1024}.`,
  })
}

const readCallbackUrl = (value: unknown): string | undefined => {
  const url = readText("Callback URL", value)
  if (url === undefined || /^https?:\/\/\S+$/.test(url)) return url
  throw new BadParameter({
    message: `Callback URL is not a URL: it is ${quote(value)}. Nothing was sent. Enter one that begins with https://, such as {{ $execution.resumeUrl }}.`,
  })
}

const readers = {
  allowUnknownInputs: (value: unknown) => readBoolean("Allow Unknown Inputs", value),
  baseModel: (value: unknown) => readText("Base Model ID", value),
  binaryField: (value: unknown) => readText("Put Output File in Field", value),
  callbackUrl: readCallbackUrl,
  collectionIds: (value: unknown) => toFilledList(value),
  concurrency: (value: unknown) => readNumber("Concurrency", value, { min: 1, max: 50, isWhole: true }),
  download: (value: unknown) => readBoolean("Download Files", value),
  fileName: readFileName,
  hide: (value: unknown) => readBoolean("Hide", value),
  inputsJson: readInputsJson,
  output: (value: unknown) =>
    readChoice("Output", value, { file: "One Item per File", job: "One Item per Job" }),
  kind: (value: unknown) =>
    readChoice("Kind", value, {
      "3d": "3D",
      audio: "Audio",
      image: "Image",
      asset: "Other",
      text: "Text",
      video: "Video",
    }),
  loras: (value: unknown) => readLoras(value),
  maxCost: (value: unknown) => readNumber("Maximum Cost", value, { min: 0 }),
  onApproval: (value: unknown) =>
    readChoice("On Approval Step", value, { return: "Return Unfinished Job", wait: "Wait" }),
  rendition: (value: unknown) =>
    readChoice("File Version", value, { original: "Original", preview: "Preview", file: "Standard" }),
  reuseJobs: (value: unknown) => readBoolean("Reuse Jobs on Retry", value),
  strength: (value: unknown) => readNumber("Strength", value, { min: 0 }),
  timeoutMinutes: (value: unknown) => readNumber("Timeout (Minutes)", value, { min: 0 }),
  onTimeout: (value: unknown) =>
    readChoice("On Timeout", value, { error: "Fail", return: "Return Unfinished Job" }),
}
