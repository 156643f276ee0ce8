import type { ApiError } from "@scenario-automation/core"
import { endSentence } from "@scenario-automation/core/host"

/** An error in two parts: what happened, and what to do if the step may be run again. */
export interface Description {
  readonly problem: string
  readonly advice?: string | undefined
}

export const describeApiError = ({ reason, request }: ApiError): Description => {
  const detail = endSentence(reason.detail)
  switch (reason._tag) {
    case "Unauthorized":
      return {
        problem: `Scenario doesn't accept the API key and the API secret: ${detail}`,
        advice: "Create a key in Scenario under Project Settings > API Keys, and reconnect your account.",
      }
    case "Forbidden":
      return {
        problem: `Scenario doesn't allow this: ${detail}`,
        advice: "Check which project your connection's API key belongs to, and what the key may do.",
      }
    case "PlanRequired":
      return {
        problem: `Your Scenario plan or its compute units don't cover this: ${detail}`,
        advice: "Choose another model, or change the plan in Scenario.",
      }
    case "Rejected":
      return {
        problem: `Scenario rejected the request (${reason.status}): ${detail}`,
        advice: "Correct the fields, and test the step again.",
      }
    case "NotFound":
      return describeNotFound(request, detail)
    case "RateLimited":
      return { problem: `${limits[reason.kind]}: ${detail}` }
    case "Unavailable":
      return {
        problem: `Scenario isn't available (${reason.status}): ${detail}`,
        advice: "Run the step again later.",
      }
    case "Unreachable":
      return {
        problem: `Scenario can't be reached: ${detail}`,
        ...(reason.isPermanent === true ? {} : { advice: "Run the step again later." }),
      }
    case "UnexpectedBody":
      return {
        problem: `Scenario's response (${reason.status}) can't be read: ${detail}`,
        advice: "Run the step again later. If the error stays, report it to Scenario.",
      }
  }
}

const limits = {
  rate: "This Scenario project has used up its requests for now",
  concurrency: "Too many generations are running in this Scenario project",
  cooldown: "Scenario asks this project to pause",
} as const

const describeNotFound = (request: string, detail: string): Description => {
  const olderEndpoint = /^POST \/generate\/(?!custom\/)([\w-]+)$/.exec(request)?.[1]
  if (olderEndpoint !== undefined) {
    return {
      problem: `Scenario no longer offers this older endpoint: ${detail}`,
      advice: `Use Find Model with words such as "${olderEndpoint.replaceAll("-", " ")}", and Generate Asset with a model that it finds.`,
    }
  }
  const noun = nouns.find(([path]) => path.test(request))?.[1]
  return noun === undefined
    ? { problem: `Scenario doesn't have this: ${detail}`, advice: checkProject }
    : { problem: `Scenario doesn't have this ${noun}: ${detail}`, advice: `Check its ID. ${checkProject}` }
}

const nouns = [
  [/\/(models|generate\/custom)\//, "model"],
  [/\/workflows\//, "App"],
  [/\/jobs\//, "generation"],
  [/\/assets\//, "asset"],
  [/\/collections\//, "collection"],
] as const

const checkProject = "It must belong to the project of your connection's API key."
