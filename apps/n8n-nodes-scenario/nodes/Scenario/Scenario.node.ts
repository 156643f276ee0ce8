import {
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
  NodeOperationError,
} from "n8n-workflow"
import { nodeDescription } from "./description.ts"
import { executeItems } from "./executeItems.ts"
import { searchCollections, searchModels, searchWorkflows } from "./methods/listSearch.ts"
import { getModes } from "./methods/loadOptions.ts"
import { getInputs } from "./methods/resourceMapping.ts"
import { findOperation, buildProperties } from "./resources/allResources.ts"

export class Scenario implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Scenario",
    name: "scenario",
    icon: { light: "file:../../icons/scenario.svg", dark: "file:../../icons/scenario.dark.svg" },
    group: ["transform"],
    version: [1],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: nodeDescription,
    defaults: { name: "Scenario" },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: "scenarioApi", required: true },
      {
        name: "scenarioRelayApi",
        required: true,
        displayOptions: {
          show: {
            resource: ["generation"],
            operation: ["start"],
            // @ts-expect-error n8n reads conditions here, too, but its types don't have them.
            "options.callbackUrl": [{ _cnd: { exists: true } }],
          },
        },
      },
    ],
    properties: buildProperties(),
  }

  methods = {
    listSearch: {
      searchModels(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
        return searchModels(this, filter, paginationToken)
      },
      searchWorkflows(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
        return searchWorkflows(this, filter, paginationToken)
      },
      searchCollections(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
        return searchCollections(this, filter, paginationToken)
      },
    },
    loadOptions: {
      getModes(this: ILoadOptionsFunctions) {
        return getModes(this)
      },
    },
    resourceMapping: {
      getInputs(this: ILoadOptionsFunctions) {
        return getInputs(this)
      },
    },
  }

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this, () => {
      const resource = this.getNodeParameter("resource", 0)
      const name = this.getNodeParameter("operation", 0)
      const operation = findOperation(resource, name)
      if (operation !== undefined) return operation
      throw new NodeOperationError(this.getNode(), `${resource} has no operation ${name}.`, {
        description: "Select the operation again.",
      })
    })
  }
}
