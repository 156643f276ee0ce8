import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  Icon,
  INodeProperties,
} from "n8n-workflow"

export class ScenarioRelayApi implements ICredentialType {
  name = "scenarioRelayApi"

  displayName = "Scenario Relay API"

  icon: Icon = { light: "file:../icons/scenario.svg", dark: "file:../icons/scenario.dark.svg" }

  documentationUrl =
    "https://github.com/scenario-automation/scenario-automation/tree/main/apps/n8n-nodes-scenario#continue-when-the-job-ends"

  properties: INodeProperties[] = [
    {
      displayName: "Relay URL",
      name: "url",
      type: "string",
      default: "",
      required: true,
      placeholder: "e.g. https://relay.example.com",
      description: "Address of your Scenario relay",
    },
    {
      displayName: "Token",
      name: "token",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      description: "Token of a client in the relay's configuration",
    },
    {
      displayName: "Account ID",
      name: "accountId",
      type: "string",
      default: "",
      placeholder: "e.g. main",
      description:
        "Account in the relay's configuration. Leave empty to give the relay the API key of the Scenario credential.",
    },
  ]

  authenticate = (
    { token }: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> =>
    Promise.resolve({ ...request, headers: { ...request.headers, authorization: `Bearer ${trim(token)}` } })

  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{ ($credentials.url || '').trim().replace(/\\/+$/, '') }}",
      url: "/v1/waits",
      qs: { pageSize: 1 },
    },
  }
}

/** A copied token can have a space or a line break at its end. */
const trim = (value: ICredentialDataDecryptedObject[string] | undefined): string =>
  typeof value === "string" ? value.trim() : ""
