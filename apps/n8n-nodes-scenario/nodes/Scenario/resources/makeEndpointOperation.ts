import type { EndpointName } from "@scenario-automation/core"
import { Effect } from "effect"
import type { INodeProperties } from "n8n-workflow"
import { costNotice, fileNotice, makeInputsField, olderEndpointNotice } from "../fields/target.ts"
import { generateItem } from "../generating.ts"
import { readRequest } from "../inputs/readRequest.ts"
import type { Operation } from "../Operation.ts"

/** Named endpoints that Scenario's current reference lists. The others are older, and models do the same. */
const currentEndpoints: ReadonlySet<EndpointName> = new Set([
  "caption",
  "describe-style",
  "detect",
  "embed",
  "patch",
  "prompt",
  "translate",
])

/** An operation that calls one named endpoint; its form shows the endpoint's fields. */
export const makeEndpointOperation =
  (options: INodeProperties) =>
  (endpoint: EndpointName, name: string, action: string, description: string): Operation => ({
    value: endpoint,
    name,
    action,
    description,
    fields: [
      ...(currentEndpoints.has(endpoint) ? [] : [olderEndpointNotice]),
      makeInputsField("resource", "operation"),
      fileNotice,
      costNotice,
      options,
    ],
    run: (item) => Effect.flatMap(readRequest(item, { endpoint }), (request) => generateItem(item, request)),
  })
