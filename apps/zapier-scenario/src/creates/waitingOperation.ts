import type { Bundle, ThrottleObject, ZObject } from "zapier-platform-core"
import { optionalGroup } from "../fields/optionalGroup.ts"
import type { PlanEffect } from "../generationPlan.ts"
import { waitForGeneration } from "../generationStep.ts"
import { resumeGeneration } from "../handover/resumeGeneration.ts"
import { generationOutputFields } from "../outputs/generationOutput.ts"

export const makeWaitingOperation = (
  readRequest: (inputData: Readonly<Record<string, unknown>>) => PlanEffect,
) => ({
  perform: (z: ZObject, bundle: Bundle) => waitForGeneration(z, bundle, readRequest(bundle.inputData)),
  performResume: resumeGeneration,
  inputFieldGroups: [optionalGroup],
  outputFields: generationOutputFields,
  throttle: startsPerMinute,
})

/** A run that waits makes about 12 requests, and Scenario accepts about 100 a minute. */
const startsPerMinute: ThrottleObject = { window: 60, limit: 6, scope: ["auth"] }
