import type { INodeProperties } from "n8n-workflow"

const allowUnknownInputs: INodeProperties = {
  displayName: "Allow Unknown Inputs",
  name: "allowUnknownInputs",
  type: "boolean",
  default: false,
  description:
    "Whether to send inputs that the model does not name. Scenario drops them without a word, and the generation is paid all the same.",
}

const concurrency: INodeProperties = {
  displayName: "Concurrency",
  name: "concurrency",
  type: "number",
  typeOptions: { minValue: 1, maxValue: 50 },
  default: 5,
  description: "How many items are worked on at once",
}

const download: INodeProperties = {
  displayName: "Download Files",
  name: "download",
  type: "boolean",
  default: true,
  description:
    "Whether to download the files. When off, or when an AI agent calls the node, items hold links alone.",
}

const fileName: INodeProperties = {
  displayName: "File Name",
  name: "fileName",
  type: "string",
  default: "{assetId}",
  placeholder: "{prompt}-{index}",
  description:
    "Without the extension, which follows the file's type. Replaced are {assetId} {jobId} {index} {name} {prompt} {modelId} {seed} {kind} {width} {height} {date}.",
}

const inputsJson: INodeProperties = {
  displayName: "Inputs (JSON)",
  name: "inputsJson",
  type: "json",
  default: "{}",
  description:
    "More inputs by their names, such as those of a model that an expression chooses. They go before those of the form.",
}

const itemFor: INodeProperties = {
  displayName: "One Item For",
  name: "itemFor",
  type: "options",
  options: [
    { name: "Each Asset", value: "asset", description: "Every file is an item of its own" },
    { name: "Each Job", value: "job", description: "All files of a generation are in one item" },
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
    "In compute units, for each item. The price is asked for first; above this nothing is started.",
}

const binaryField: INodeProperties = {
  displayName: "Put Files in Field",
  name: "binaryField",
  type: "string",
  default: "data",
  description: "The binary field of the first file; further ones get _2, _3, …",
}

const reuseStartedJob: INodeProperties = {
  displayName: "Reuse a Job Already Started by This Execution",
  name: "reuseStartedJob",
  type: "boolean",
  default: true,
  description:
    "Whether n8n's Retry On Fail takes up the jobs that the failed attempt has started, instead of paying for them again",
}

const timeoutMinutes: INodeProperties = {
  displayName: "Timeout (Minutes)",
  name: "timeoutMinutes",
  type: "number",
  typeOptions: { minValue: 0, numberPrecision: 2 },
  default: 30,
  description: "How long to wait for a generation. It goes on after that, and is billed.",
}

const whenTimeIsUp: INodeProperties = {
  displayName: "When Time Is Up",
  name: "whenTimeIsUp",
  type: "options",
  options: [
    { name: "Fail", value: "error", description: "The error says which job still runs" },
    {
      name: "Return the Unfinished Job",
      value: "return",
      description: "An item with the job's ID and isFinished: false",
    },
  ],
  default: "error",
}

export const optionsField = (options: ReadonlyArray<INodeProperties>): INodeProperties => ({
  displayName: "Options",
  name: "options",
  type: "collection",
  placeholder: "Add option",
  default: {},
  options: [...options],
})

/** Of operations that submit, wait and download. */
export const generateOptions = optionsField([
  allowUnknownInputs,
  concurrency,
  download,
  fileName,
  inputsJson,
  maxCost,
  itemFor,
  binaryField,
  reuseStartedJob,
  timeoutMinutes,
  whenTimeIsUp,
])

/** Of operations whose result is text. */
export const textOptions = optionsField([
  allowUnknownInputs,
  concurrency,
  inputsJson,
  maxCost,
  reuseStartedJob,
  timeoutMinutes,
  whenTimeIsUp,
])

export const startOptions = optionsField([
  allowUnknownInputs,
  concurrency,
  inputsJson,
  maxCost,
  reuseStartedJob,
])

export const estimateOptions = optionsField([allowUnknownInputs, concurrency, inputsJson])

export const waitOptions = optionsField([
  concurrency,
  download,
  fileName,
  itemFor,
  binaryField,
  timeoutMinutes,
  whenTimeIsUp,
])

export const downloadOptions = optionsField([
  concurrency,
  fileName,
  binaryField,
  {
    displayName: "Rendition",
    name: "rendition",
    type: "options",
    options: [
      { name: "File", value: "file", description: "The file itself; of an HDR picture the EXR" },
      { name: "Preview", value: "preview", description: "What the link shows; of an HDR picture a JPEG" },
    ],
    default: "file",
  },
])
