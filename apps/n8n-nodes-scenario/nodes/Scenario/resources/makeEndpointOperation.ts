import type { EndpointName } from "@scenario-automation/core"
import { Effect } from "effect"
import type { INodeProperties } from "n8n-workflow"
import { costNotice, fileNotice, makeInputsField } from "../fields/target.ts"
import { generateItem } from "../generating.ts"
import { readRequest } from "../inputs/readRequest.ts"
import type { Operation } from "../Operation.ts"

/** An operation that is one named endpoint, whose form holds the endpoint's fields. */
export const makeEndpointOperation =
  (options: INodeProperties) =>
  (endpoint: EndpointName, name: string, action: string, description: string): Operation => ({
    value: endpoint,
    name,
    action,
    description,
    fields: [makeInputsField("resource", "operation"), fileNotice, costNotice, options],
    run: (item) => Effect.flatMap(readRequest(item, { endpoint }), (request) => generateItem(item, request)),
  })
