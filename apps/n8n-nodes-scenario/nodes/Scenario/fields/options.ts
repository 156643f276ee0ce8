import { defaultWaitTimeout } from "@scenario-automation/core/host"
import { Duration } from "effect"
import type { INodeProperties } from "n8n-workflow"

const allowUnknownInputs: INodeProperties = {
  displayName: "Allow Unknown Inputs",
  name: "allowUnknownInputs",
  type: "boolean",
  default: false,
  description:
    "Whether to send inputs that are not in the model's schema. Scenario may ignore or reject them, and a generation that ignores them still costs compute units.",
}

const baseModel: INodeProperties = {
  displayName: "Base Model ID",
  name: "baseModel",
  type: "string",
  default: "",
  placeholder: "e.g. model_bfl-flux-1-dev",
  description: "Base model that runs the selected LoRA. Detected if not set.",
}

const callbackUrl: INodeProperties = {
  displayName: "Callback URL",
  name: "callbackUrl",
  type: "string",
  default: "={{ $execution.resumeUrl }}",
  placeholder: "e.g. https://example.com/scenario",
  description:
    "URL that your Scenario relay calls when the jobs of all items have finished. To continue this execution then, keep the default and add a Wait node that resumes on a webhook call (POST).",
}

const loras: INodeProperties = {
  displayName: "More LoRAs",
  name: "loras",
  type: "string",
  default: "",
  placeholder: "e.g. model_GTrL3mq4SXWyMxkOHRxlpw:0.6",
  description:
    "Comma-separated list of LoRAs to add, each as a model ID with an optional strength. They must be of the same family.",
}

const strength: INodeProperties = {
  displayName: "Strength",
  name: "strength",
  type: "number",
  typeOptions: { minValue: 0, numberPrecision: 2 },
  default: 1,
  description: "Strength of the selected LoRA, usually from 0 to 2",
}

/** Items. */
export const defaultConcurrency = 5

const concurrency: INodeProperties = {
  displayName: "Concurrency",
  name: "concurrency",
  type: "number",
  typeOptions: { minValue: 1, maxValue: 50 },
  default: defaultConcurrency,
  description: "Max number of items to process at the same time",
}

const download: INodeProperties = {
  displayName: "Download Files",
  name: "download",
  type: "boolean",
  default: true,
  description:
    "Whether to download the generated files. If turned off, or if an AI agent runs the node, only links are returned.",
}

const fileName: INodeProperties = {
  displayName: "File Name",
  name: "fileName",
  type: "string",
  default: "{assetId}",
  placeholder: "e.g. {prompt}-{index}",
  description:
    "Name of the file without its extension. You can use {assetId}, {jobId}, {index}, {name}, {prompt}, {modelId}, {seed}, {kind}, {width}, {height} and {date}.",
}

const fileVersion: INodeProperties = {
  displayName: "File Version",
  name: "rendition",
  type: "options",
  options: [
    {
      name: "Original",
      value: "original",
      description: "The file as it was generated or uploaded, without any conversion for delivery",
    },
    { name: "Preview", value: "preview", description: "JPEG for HDR images" },
    { name: "Standard", value: "file", description: "The file that Scenario links to; EXR for HDR images" },
  ],
  default: "file",
  description: "Which file of an asset to download",
}

const inputsJson: INodeProperties = {
  displayName: "Inputs (JSON)",
  name: "inputsJson",
  type: "json",
  default: "{}",
  description:
    "Additional inputs as a JSON object, for example when an expression sets the model. The Prompt and Inputs fields override these.",
}

const output: INodeProperties = {
  displayName: "Output",
  name: "output",
  type: "options",
  options: [
    { name: "One Item per File", value: "file", description: "Return each file as a separate item" },
    { name: "One Item per Job", value: "job", description: "Return all files of a job in one item" },
  ],
  default: "job",
}

const maxCost: INodeProperties = {
  displayName: "Maximum Cost",
  name: "maxCost",
  type: "number",
  typeOptions: { minValue: 0, numberPrecision: 2 },
  default: 10,
  description:
    "Max compute units to spend on each item. If the estimate is higher, the generation is not started.",
}

const binaryField: INodeProperties = {
  displayName: "Put Output File in Field",
  name: "binaryField",
  type: "string",
  default: "data",
  description:
    "Name of the output binary field. Additional files are put in fields with the suffix _2, _3 and so on.",
}

const reuseJobs: INodeProperties = {
  displayName: "Reuse Jobs on Retry",
  name: "reuseJobs",
  type: "boolean",
  default: true,
  description:
    "Whether Retry On Fail, or an AI agent that repeats a failed call, continues the jobs of the failed attempt instead of starting, and paying for, new ones",
}

const timeoutMinutes: INodeProperties = {
  displayName: "Timeout (Minutes)",
  name: "timeoutMinutes",
  type: "number",
  typeOptions: { minValue: 0, numberPrecision: 2 },
  default: Duration.toMinutes(defaultWaitTimeout),
  description:
    "Max time to wait for a generation. After a timeout, the job keeps running and is still charged.",
}

const onApproval: INodeProperties = {
  displayName: "On Approval Step",
  name: "onApproval",
  type: "options",
  options: [
    {
      name: "Return Unfinished Job",
      value: "return",
      description: "Return the job ID and the assets so far, to ask for approval in this workflow",
    },
    { name: "Wait", value: "wait", description: "Wait until the step is approved or rejected elsewhere" },
  ],
  default: "wait",
  description: "What to do when a step of a Scenario workflow waits for approval",
}

const onTimeout: INodeProperties = {
  displayName: "On Timeout",
  name: "onTimeout",
  type: "options",
  options: [
    { name: "Fail", value: "error", description: "Throw an error that includes the job ID" },
    {
      name: "Return Unfinished Job",
      value: "return",
      description: "Return an item with the job ID and isFinished set to false",
    },
  ],
  default: "error",
}

export const makeOptionsField = (options: ReadonlyArray<INodeProperties>): INodeProperties => ({
  displayName: "Options",
  name: "options",
  type: "collection",
  placeholder: "Add option",
  default: {},
  options: [...options],
})

export const generateOptions = makeOptionsField([
  allowUnknownInputs,
  concurrency,
  download,
  fileName,
  fileVersion,
  inputsJson,
  maxCost,
  onTimeout,
  output,
  binaryField,
  reuseJobs,
  timeoutMinutes,
])

/** For Scenario workflows. */
export const runOptions = makeOptionsField([
  allowUnknownInputs,
  concurrency,
  download,
  fileName,
  fileVersion,
  inputsJson,
  maxCost,
  onApproval,
  onTimeout,
  output,
  binaryField,
  reuseJobs,
  timeoutMinutes,
])

/** For operations that return text. */
export const textOptions = makeOptionsField([
  allowUnknownInputs,
  concurrency,
  inputsJson,
  maxCost,
  onTimeout,
  reuseJobs,
  timeoutMinutes,
])

/** For models, which may be LoRAs. */
export const modelOptions = makeOptionsField([
  allowUnknownInputs,
  baseModel,
  concurrency,
  download,
  fileName,
  fileVersion,
  inputsJson,
  maxCost,
  loras,
  onTimeout,
  output,
  binaryField,
  reuseJobs,
  strength,
  timeoutMinutes,
])

export const startOptions = makeOptionsField([
  allowUnknownInputs,
  baseModel,
  callbackUrl,
  concurrency,
  inputsJson,
  maxCost,
  loras,
  reuseJobs,
  strength,
])

export const estimateOptions = makeOptionsField([
  allowUnknownInputs,
  baseModel,
  concurrency,
  inputsJson,
  loras,
  strength,
])

export const waitOptions = makeOptionsField([
  concurrency,
  download,
  fileName,
  fileVersion,
  onApproval,
  onTimeout,
  output,
  binaryField,
  timeoutMinutes,
])

export const downloadOptions = makeOptionsField([concurrency, fileName, fileVersion, binaryField])
