import { ApiError, type InvalidInput, Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { Authentication, Bundle, ZObject } from "zapier-platform-core"
import { readKeyPair } from "./keyPair.ts"
import { runStep } from "./runStep.ts"
import { startStepClock, withinStep } from "./StepClock.ts"

/** An empty list is fine: the account hasn't trained a model yet. A wrong key is refused in any case. */
const test = async (z: ZObject, bundle: Bundle) => {
  await runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) => Stream.runHead(models.list({ pageSize: 1 }))).pipe(
      withinStep(startStepClock()),
      Effect.mapError(asWrongKey),
    ),
  )
  return { keyHint: maskKey(readKeyPair(bundle.authData)?.apiKey ?? "") }
}

/** Scenario's gateway answers 403 to a key that it doesn't know: the error of a connection is about the key. */
const asWrongKey = (error: ApiError | InvalidInput) =>
  error._tag === "ApiError" && error.reason._tag === "Forbidden"
    ? new ApiError({
        reason: { _tag: "Unauthorized", detail: error.reason.detail },
        request: error.request,
        requestId: error.requestId,
      })
    : error

/** Enough to tell a user's keys apart, and useless to others: `api_…9f3c`. */
const maskKey = (apiKey: string): string => {
  const prefix = /^[a-z]+_/.exec(apiKey)?.[0] ?? ""
  return apiKey.length - prefix.length < 8 ? `${prefix}…` : `${prefix}…${apiKey.slice(-4)}`
}

const settingsLink = "[Scenario's API settings](https://app.scenario.com/settings/api)"

/** `custom`, not `basic`: our own middleware signs, and only what goes to Scenario's API. */
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
      helpText: `Create a key for the project that your Zaps use: ${settingsLink}. The API needs a paid plan.`,
    },
    {
      key: "apiSecret",
      label: "API Secret",
      type: "password",
      required: true,
      helpText: `Shown once, when the key is created: ${settingsLink}.`,
    },
  ],
}
