import { ApiError, type InvalidInput, Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { Authentication, Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "./runStep.ts"
import { startStepClock, withinStep } from "./StepClock.ts"

/** An empty list is fine: the account has trained no model yet. A wrong key is refused all the same. */
const test = async (z: ZObject, bundle: Bundle) => {
  await runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) => Stream.runHead(models.list({ pageSize: 1 }))).pipe(
      withinStep(startStepClock()),
      Effect.mapError(asWrongKey),
    ),
  )
  return { keyHint: maskedKey(bundle.authData["apiKey"] ?? "") }
}

/** Scenario's gateway answers 403 to a key that it does not know; who connects has to hear of the key, not of permissions. */
const asWrongKey = (error: ApiError | InvalidInput) =>
  error._tag === "ApiError" && error.reason._tag === "Forbidden"
    ? new ApiError({
        reason: { _tag: "Unauthorized", detail: error.reason.detail },
        request: error.request,
        requestId: error.requestId,
      })
    : error

/** Enough to tell two keys of a user's apart, and of no use to anybody else: `api_…9f3c`. */
const maskedKey = (apiKey: string): string => {
  const prefix = /^[a-z]+_/.exec(apiKey)?.[0] ?? ""
  return apiKey.length - prefix.length < 8 ? `${prefix}…` : `${prefix}…${apiKey.slice(-4)}`
}

const where = "[Scenario's API settings](https://app.scenario.com/settings/api)"

/** `custom`, not `basic`: signing is our own middleware's, for Scenario's API alone. */
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
      helpText: `Create a key for the project that your Zaps work in: ${where}. The API needs a paid plan.`,
    },
    {
      key: "apiSecret",
      label: "API Secret",
      type: "password",
      required: true,
      helpText: `Shown once, when the key is created: ${where}.`,
    },
  ],
}
