import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  INodeProperties,
} from "n8n-workflow"

export class ScenarioApi implements ICredentialType {
  name = "scenarioApi"

  displayName = "Scenario API"

  icon: Icon = { light: "file:../icons/scenario.svg", dark: "file:../icons/scenario.dark.svg" }

  documentationUrl = "https://docs.scenario.com/docs/api-keys"

  properties: INodeProperties[] = [
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      placeholder: "api_…",
      description: "Create a key and its secret in Scenario under Project settings → API keys",
    },
    {
      displayName: "API Secret",
      name: "apiSecret",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      description: "Shown once, when the key is created",
    },
    {
      displayName: "Project ID",
      name: "projectId",
      type: "string",
      default: "",
      placeholder: "proj_…",
      description: "Leave empty for the project that the key belongs to",
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "https://api.cloud.scenario.com/v1",
      description: "Another address is for tests, such as the simulator of this project",
    },
  ]

  authenticate: IAuthenticateGeneric = {
    type: "generic",
    properties: {
      auth: { username: "={{$credentials.apiKey}}", password: "={{$credentials.apiSecret}}" },
    },
  }

  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{$credentials.baseUrl}}",
      url: "/models",
      qs: { pageSize: 1, projectId: "={{$credentials.projectId || undefined}}" },
    },
  }
}
