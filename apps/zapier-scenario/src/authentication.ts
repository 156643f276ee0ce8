import { ApiError, type InvalidInput, Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { Authentication, Bundle, ZObject } from "zapier-platform-core"
import { readKeyPair } from "./keyPair.ts"
import { runStep } from "./runStep.ts"
import { startStepBudget, withinStep } from "./StepBudget.ts"

/** The list of models is empty for a new account, but a wrong key is refused. */
const test = async (z: ZObject, bundle: Bundle) => {
  await runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) => Stream.runHead(models.list({ pageSize: 1 }))).pipe(
      withinStep(startStepBudget()),
      Effect.mapError(asWrongKey),
    ),
  )
  return { keyHint: maskKey(readKeyPair(bundle.authData)?.apiKey ?? "") }
}

/** Scenario's gateway answers 403 to an unknown key. */
const asWrongKey = (error: ApiError | InvalidInput) =>
  error._tag === "ApiError" && error.reason._tag === "Forbidden"
    ? new ApiError({
        reason: { _tag: "Unauthorized", detail: error.reason.detail },
        request: error.request,
        requestId: error.requestId,
      })
    : error

/** `api_…9f3c`: enough to recognize a key, and not a secret. */
const maskKey = (apiKey: string): string => {
  const prefix = /^[a-z]+_/.exec(apiKey)?.[0] ?? ""
  return apiKey.length - prefix.length < 8 ? `${prefix}…` : `${prefix}…${apiKey.slice(-4)}`
}

const apiKeys = "[Project Settings > API Keys](https://app.scenario.com/settings/api)"

/** `custom`, because with `basic` Zapier would send the key with every request, the CDN's too. */
export const authentication: Authentication = {
  type: "custom",
  test,
  connectionLabel: "{{keyHint}}",
  fields: [
    {
      key: "apiKey",
      label: "API Key",
      type: "string",
      required: true,
      helpText: `In Scenario, open the project that your Zaps use, and create a key under ${apiKeys}. The API needs a paid plan.`,
    },
    {
      key: "apiSecret",
      label: "API Secret",
      type: "password",
      required: true,
      helpText: `Scenario shows the secret only once, when you create the key under ${apiKeys}.`,
    },
  ],
}
