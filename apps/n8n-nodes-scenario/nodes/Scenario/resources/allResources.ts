import type { INodeProperties, INodePropertyOptions } from "n8n-workflow"
import type { Operation, Resource } from "../Operation.ts"
import { asset } from "./asset/index.ts"
import { collection } from "./collection.ts"
import { generation } from "./generation/index.ts"
import { image } from "./image.ts"
import { job } from "./job.ts"
import { model } from "./model.ts"
import { text } from "./text.ts"
import { usage } from "./usage.ts"
import { workflow } from "./workflow.ts"

const resources: ReadonlyArray<Resource> = [
  generation,
  asset,
  collection,
  image,
  job,
  model,
  text,
  usage,
  workflow,
]

export const findOperation = (resource: unknown, operation: unknown): Operation | undefined =>
  resources.find(({ value }) => value === resource)?.operations.find(({ value }) => value === operation)

/** The panel's fields, except those that n8n adds itself. */
export const buildProperties = (): INodeProperties[] => [
  {
    displayName: "Resource",
    name: "resource",
    type: "options",
    noDataExpression: true,
    options: resources.map(({ value, name, description }): INodePropertyOptions => ({
      value,
      name,
      description,
    })),
    default: "generation",
  },
  ...resources.map(toOperationField),
  ...resources.flatMap((resource) =>
    resource.operations.flatMap((operation) =>
      operation.fields.map((field) => showFor(resource.value, operation.value, field)),
    ),
  ),
]

// Destructured, because n8n's linter reads a default only from a plain name.
const toOperationField = ({ value, operations, first: { value: first } }: Resource): INodeProperties => ({
  displayName: "Operation",
  name: "operation",
  type: "options",
  noDataExpression: true,
  displayOptions: { show: { resource: [value] } },
  options: operations.map(({ value, name, action, description }): INodePropertyOptions => ({
    value,
    name,
    action,
    description,
  })),
  default: first,
})

const showFor = (resource: string, operation: string, field: INodeProperties): INodeProperties => ({
  ...field,
  default: field.default,
  displayOptions: {
    ...field.displayOptions,
    show: { resource: [resource], operation: [operation], ...field.displayOptions?.show },
  },
})
