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

  documentationUrl = "https://docs.scenario.com"

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

  /**
   * A function, and not n8n's `generic` form: n8n 2.41 cannot resolve the expressions of that one in a workflow whose
   * `binaryMode` is `combined`, and no request would ever leave.
   */
  authenticate = (
    { apiKey, apiSecret }: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> =>
    Promise.resolve({ ...request, auth: { username: trimmed(apiKey), password: trimmed(apiSecret) } })

  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{$credentials.baseUrl}}",
      url: "/models",
      qs: { pageSize: 1, projectId: "={{$credentials.projectId || undefined}}" },
    },
  }
}

/** A key that is copied can bring a blank or a line's end along. */
const trimmed = (value: ICredentialDataDecryptedObject[string] | undefined): string =>
  typeof value === "string" ? value.trim() : ""
