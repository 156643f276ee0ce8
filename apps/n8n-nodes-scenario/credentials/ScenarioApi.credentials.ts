import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  Icon,
  INodeProperties,
} from "n8n-workflow"

export class ScenarioApi implements ICredentialType {
  name = "scenarioApi"

  displayName = "Scenario API"

  icon: Icon = { light: "file:../icons/scenario.svg", dark: "file:../icons/scenario.dark.svg" }

  documentationUrl =
    "https://github.com/scenario-automation/scenario-automation/tree/main/apps/n8n-nodes-scenario#readme"

  properties: INodeProperties[] = [
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      placeholder: "e.g. api_GTrL3mq4SXWyMxkOHRxlpw",
      description: "In Scenario, go to Project Settings > API Keys to create one",
    },
    {
      displayName: "API Secret",
      name: "apiSecret",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      description: "Scenario shows the secret only once, when you create the key",
    },
    {
      displayName: "Project ID",
      name: "projectId",
      type: "string",
      default: "",
      placeholder: "e.g. proj_GTrL3mq4SXWyMxkOHRxlpw",
      description: "Leave empty to use the project of the API key",
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "https://api.cloud.scenario.com/v1",
      description: "Only change this to test against another server",
    },
  ]

  /**
   * A function instead of n8n's `generic` form, whose expressions n8n 2.41 can't resolve in a workflow whose `binaryMode` is
   * `combined`.
   */
  authenticate = (
    { apiKey, apiSecret }: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> =>
    Promise.resolve({ ...request, auth: { username: trim(apiKey), password: trim(apiSecret) } })

  test: ICredentialTestRequest = {
    request: {
      // An empty Base URL means Scenario, as in the node.
      baseURL: "={{ ($credentials.baseUrl || '').trim() || 'https://api.cloud.scenario.com/v1' }}",
      url: "/models",
      qs: { pageSize: 1, projectId: "={{ ($credentials.projectId || '').trim() || undefined }}" },
    },
  }
}

/** A copied key can have a space or a line break at its end. */
const trim = (value: ICredentialDataDecryptedObject[string] | undefined): string =>
  typeof value === "string" ? value.trim() : ""
