import type { Bundle, ThrottleObject, ZObject } from "zapier-platform-core"
import { optionalGroup } from "../fields/optionalGroup.ts"
import { type RequestEffect, waitForGeneration } from "../generationStep.ts"
import { resumeGeneration } from "../handover/resumeGeneration.ts"
import { generationOutputFields } from "../outputs/generationOutput.ts"

/** What the actions that generate and wait have in common: everything but their fields and their sample. */
export const makeWaitingOperation = (
  readRequest: (inputData: Readonly<Record<string, unknown>>) => RequestEffect,
) => ({
  perform: (z: ZObject, bundle: Bundle) => waitForGeneration(z, bundle, readRequest(bundle.inputData)),
  performResume: resumeGeneration,
  inputFieldGroups: [optionalGroup],
  outputFields: generationOutputFields,
  throttle: startsPerMinute,
})

/** A run that waits makes a dozen requests, and Scenario accepts about 100 a minute: Zapier starts the next run later. */
const startsPerMinute: ThrottleObject = { window: 60, limit: 6, scope: ["auth"] }
