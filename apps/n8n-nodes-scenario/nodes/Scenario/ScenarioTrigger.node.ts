import {
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
  NodeConnectionTypes,
} from "n8n-workflow"
import { nodeDescription } from "./description.ts"
import {
  assetTypesFilter,
  collectionIdFilter,
  makeFiltersField,
  jobTypesFilter,
  modelIdFilter,
  tagsFilter,
} from "./fields/lists.ts"
import { pollEvents } from "./triggers/pollEvents.ts"

export class ScenarioTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Scenario Trigger",
    name: "scenarioTrigger",
    icon: { light: "file:../../icons/scenario.svg", dark: "file:../../icons/scenario.dark.svg" },
    group: ["trigger"],
    version: [1],
    subtitle: '={{ $parameter["event"] === "newAsset" ? "New Asset" : "Generation Finished" }}',
    description: nodeDescription,
    defaults: { name: "Scenario Trigger" },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "scenarioApi", required: true }],
    properties: [
      {
        displayName: "Event",
        name: "event",
        type: "options",
        noDataExpression: true,
        options: [
          {
            name: "Generation Finished",
            value: "jobFinished",
            description:
              "When a generation succeeds, fails, or is canceled, including those started outside n8n",
          },
          { name: "New Asset", value: "newAsset", description: "When an asset is generated or uploaded" },
        ],
        default: "jobFinished",
      },
      {
        ...makeFiltersField([
          {
            ...jobTypesFilter,
            description:
              "Comma-separated list of job types, such as upload or model-training. Leave empty for all generations.",
          },
          modelIdFilter,
          {
            displayName: "Status",
            name: "status",
            type: "options",
            options: [
              { name: "Canceled", value: "canceled" },
              { name: "Failed", value: "failure" },
              { name: "Succeeded", value: "success" },
            ],
            default: "success",
          },
        ]),
        displayOptions: { show: { event: ["jobFinished"] } },
      },
      {
        ...makeFiltersField([
          assetTypesFilter,
          collectionIdFilter,
          {
            ...tagsFilter,
            description: "Comma-separated list of tags. Only returns assets that have all of them.",
          },
        ]),
        displayOptions: { show: { event: ["newAsset"] } },
      },
    ],
  }

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    return pollEvents(this)
  }
}
