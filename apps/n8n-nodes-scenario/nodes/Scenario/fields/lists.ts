import type { INodeProperties } from "n8n-workflow"
import type { Item } from "../Item.ts"
import { readBoolean, readChoice } from "../readValues.ts"

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

export const makeFiltersField = (options: ReadonlyArray<INodeProperties>): INodeProperties => ({
  displayName: "Filters",
  name: "filters",
  type: "collection",
  placeholder: "Add filter",
  default: {},
  options: [...options],
})

export const makeSearchField = (placeholder: string): INodeProperties => ({
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
  description: "Whether to return public items instead of your own",
}

export const isPublic = (item: Item, otherwise: boolean): boolean =>
  item.hasFilter("public") ? readBoolean("Public", item.filter("public")) : otherwise

export const jobStatusFilter: INodeProperties = {
  displayName: "Status",
  name: "status",
  type: "options",
  options: [
    { name: "Canceled", value: "canceled" },
    { name: "Failed", value: "failure" },
    { name: "In Progress", value: "in-progress" },
    { name: "Queued", value: "queued" },
    { name: "Succeeded", value: "success" },
  ],
  default: "success",
}

export const readJobStatus = (item: Item): string | undefined =>
  item.hasFilter("status") ? readChoice("Status", item.filter("status"), jobStatuses) : undefined

const jobStatuses = {
  canceled: "Canceled",
  failure: "Failed",
  "in-progress": "In Progress",
  queued: "Queued",
  success: "Succeeded",
}

export const jobTypesFilter: INodeProperties = {
  displayName: "Job Types",
  name: "types",
  type: "string",
  default: "",
  placeholder: "e.g. custom, inference, upscale",
  description: "Comma-separated list of job types. Leave empty for all types.",
}

export const modelIdFilter: INodeProperties = {
  displayName: "Model ID",
  name: "modelId",
  type: "string",
  default: "",
  placeholder: "e.g. model_GTrL3mq4SXWyMxkOHRxlpw",
  description: "Only return results generated with this model",
}

export const collectionIdFilter: INodeProperties = {
  displayName: "Collection ID",
  name: "collectionId",
  type: "string",
  default: "",
  placeholder: "e.g. col_GTrL3mq4SXWyMxkOHRxlpw",
  description: "Only return assets of this collection",
}

export const tagsFilter: INodeProperties = {
  displayName: "Tags",
  name: "tags",
  type: "string",
  default: "",
  description: "Comma-separated list of tags. Returns results that have at least one of them.",
}

export const assetTypesFilter: INodeProperties = {
  displayName: "Asset Types",
  name: "types",
  type: "string",
  default: "",
  placeholder: "e.g. inference-txt2img, uploaded, upscale",
  description: "Comma-separated list of how the assets were created",
}
