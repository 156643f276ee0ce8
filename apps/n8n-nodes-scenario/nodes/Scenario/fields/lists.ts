import type { INodeProperties } from "n8n-workflow"

export const limitFields: ReadonlyArray<INodeProperties> = [
  {
    displayName: "Return All",
    name: "returnAll",
    type: "boolean",
    default: false,
    description: "Whether to return all results or only up to a given limit",
  },
  {
    displayName: "Limit",
    name: "limit",
    type: "number",
    typeOptions: { minValue: 1 },
    displayOptions: { show: { returnAll: [false] } },
    default: 50,
    description: "Max number of results to return",
  },
]

export const filtersField = (options: ReadonlyArray<INodeProperties>): INodeProperties => ({
  displayName: "Filters",
  name: "filters",
  type: "collection",
  placeholder: "Add filter",
  default: {},
  options: [...options],
})

export const searchForField = (placeholder: string): INodeProperties => ({
  displayName: "Search For",
  name: "query",
  type: "string",
  default: "",
  required: true,
  placeholder,
})

export const publicFilter: INodeProperties = {
  displayName: "Public",
  name: "public",
  type: "boolean",
  default: false,
  description: "Whether to look among what everybody has published instead of your own",
}

export const jobStatusFilter: INodeProperties = {
  displayName: "Status",
  name: "status",
  type: "options",
  options: [
    { name: "Canceled", value: "canceled" },
    { name: "Failure", value: "failure" },
    { name: "In Progress", value: "in-progress" },
    { name: "Queued", value: "queued" },
    { name: "Success", value: "success" },
  ],
  default: "success",
}

export const jobTypesFilter: INodeProperties = {
  displayName: "Job Types",
  name: "types",
  type: "string",
  default: "",
  placeholder: "custom, inference, upscale",
  description: "Comma-separated; all where left empty",
}

export const modelIdFilter: INodeProperties = {
  displayName: "Model ID",
  name: "modelId",
  type: "string",
  default: "",
  placeholder: "model_…",
  description: "Only what this model has made",
}

export const collectionIdFilter: INodeProperties = {
  displayName: "Collection ID",
  name: "collectionId",
  type: "string",
  default: "",
}

export const tagsFilter: INodeProperties = {
  displayName: "Tags",
  name: "tags",
  type: "string",
  default: "",
  description: "Comma-separated; only what has all of them",
}

export const assetTypesFilter: INodeProperties = {
  displayName: "Asset Types",
  name: "types",
  type: "string",
  default: "",
  placeholder: "inference-txt2img, uploaded, upscale",
  description: "Which operations made them; comma-separated",
}
