import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { isId } from "./api/ids.ts"
import { defaultBaseUrl, defaultRequestsInFlight, defaultRequestsPerMinute } from "./defaults.ts"
import { describeValue } from "./utils/describeValue.ts"
import { InvalidInput } from "./errors.ts"
import { type InputIssue, makeValueIssue } from "./InputIssue.ts"
import type { CheckedSettings, ScenarioSettings } from "./ScenarioSettings.ts"

/** A setting, and what its source calls it: the option or the environment variable. */
interface Given {
  readonly path: string
  readonly value: unknown
}

type GivenSettings = { readonly [K in keyof ScenarioSettings]-?: Given }

/** Takes settings only from the caller. */
export const fromOptions = (options: Partial<Record<keyof ScenarioSettings, unknown>>): GivenSettings => {
  const read = (path: keyof ScenarioSettings): Given => ({ path, value: options[path] })
  return {
    apiKey: read("apiKey"),
    apiSecret: read("apiSecret"),
    baseUrl: read("baseUrl"),
    cdnUrl: read("cdnUrl"),
    projectId: read("projectId"),
    requestsPerMinute: read("requestsPerMinute"),
    requestsInFlight: read("requestsInFlight"),
    auth: read("auth"),
    soleSubmitter: read("soleSubmitter"),
    identifyBySeed: read("identifyBySeed"),
  }
}

const variables = {
  apiKey: "SCENARIO_SDK_API_KEY",
  apiSecret: "SCENARIO_SDK_API_SECRET",
  baseUrl: "SCENARIO_BASE_URL",
  cdnUrl: "SCENARIO_CDN_URL",
  projectId: "SCENARIO_PROJECT_ID",
  requestsPerMinute: "SCENARIO_REQUESTS_PER_MINUTE",
} as const

/**
 * Takes settings from the caller, and from the environment if the caller leaves them out. If the caller sets either the key or
 * the secret, neither is taken from the environment.
 */
export const withEnvironment = (options: Partial<Record<keyof ScenarioSettings, unknown>>): GivenSettings => {
  const given = fromOptions(options)
  const read = (name: keyof typeof variables): Given => {
    if (!isAbsent(given[name].value)) return given[name]
    const value = globalThis.process?.env?.[variables[name]]?.trim() || undefined
    return { path: variables[name], value }
  }
  const hasKey = !isAbsent(given.apiKey.value) || !isAbsent(given.apiSecret.value)
  return {
    ...given,
    ...(hasKey ? {} : { apiKey: read("apiKey"), apiSecret: read("apiSecret") }),
    baseUrl: read("baseUrl"),
    cdnUrl: read("cdnUrl"),
    projectId: read("projectId"),
    requestsPerMinute: toNumber(read("requestsPerMinute")),
  }
}

/** A variable is text. If it isn't a number, it stays text, so that the error can show it. */
const toNumber = ({ path, value }: Given): Given => {
  const number = Number(value)
  return { path, value: path === variables.requestsPerMinute && !Number.isNaN(number) ? number : value }
}

/** Returns the checked settings, or an error with all issues. */
export const checkSettings = (given: GivenSettings): Result.Result<CheckedSettings, InvalidInput> => {
  const issues: Array<InputIssue> = []
  const refuse = ({ path }: Given, expected: string, got: string): undefined => {
    issues.push(makeValueIssue(path, expected, got))
  }

  const auth = given.auth.value ?? "core"
  if (auth !== "core" && auth !== "transport")
    refuse(given.auth, '"core" or "transport"', describeValue(auth))

  const readCredential = (one: Given, expected: string, forbidden?: string): Redacted.Redacted => {
    const value = Redacted.isRedacted(one.value) ? readRedacted(one.value) : one.value
    const text = typeof value === "string" ? value : ""
    // The transport has its own credentials.
    if (auth === "transport") return Redacted.make(text)
    if (value === unreadableSecret)
      refuse(one, expected, "a Redacted of another copy of effect: pass it as text")
    else if (isAbsent(value)) refuse(one, expected, "nothing")
    else if (typeof value !== "string") refuse(one, expected, `a ${typeof value}`)
    else if (!isCredential(value)) refuse(one, expected, "text with a line break or another wrong character")
    else if (forbidden !== undefined && value.includes(forbidden)) {
      refuse(one, expected, `text with "${forbidden}": pass key and secret separately`)
    }
    return Redacted.make(text)
  }

  const readCount = (one: Given, noun: string, otherwise: number): number => {
    const { value } = one
    if (value === undefined) return otherwise
    if (typeof value === "number" && value >= 1) return value
    refuse(one, `a number of ${noun}, 1 or more`, describeValue(value))
    return otherwise
  }

  const readFlag = (one: Given, otherwise: boolean): boolean => {
    if (typeof one.value === "boolean") return one.value
    if (one.value !== undefined) refuse(one, "true or false", describeValue(one.value))
    return otherwise
  }

  const readUrl = (one: Given, otherwise: string): string => {
    const { value } = one
    const text = value instanceof URL ? value.href : value
    if (isAbsent(text)) return otherwise
    const url = typeof text === "string" ? withoutSlash(text.trim()) : undefined
    if (url !== undefined && isBaseUrl(url)) return url
    const expected = `a URL like ${otherwise}, without query and credentials`
    // The URL can contain a password.
    refuse(
      one,
      expected,
      typeof text === "string" ? describeValue(text.replace(/[^/]*@/, "")) : describeValue(text),
    )
    return otherwise
  }

  const readProjectId = (one: Given): string | undefined => {
    if (isAbsent(one.value)) return undefined
    if (isId(one.value)) return one.value
    refuse(one, "the ID of a project", describeValue(one.value))
    return undefined
  }

  const baseUrl = readUrl(given.baseUrl, defaultBaseUrl)
  const config = {
    apiKey: readCredential(given.apiKey, "the key of an API key, which Scenario's settings create", ":"),
    apiSecret: readCredential(given.apiSecret, "the secret that was shown with the API key"),
    baseUrl,
    cdnUrl: readUrl(given.cdnUrl, new URL(baseUrl).origin.replace("//api.", "//cdn.")),
    projectId: readProjectId(given.projectId),
    requestsPerMinute: readCount(given.requestsPerMinute, "requests", defaultRequestsPerMinute),
    requestsInFlight: readCount(given.requestsInFlight, "requests", defaultRequestsInFlight),
    auth: auth === "transport" ? auth : "core",
    soleSubmitter: readFlag(given.soleSubmitter, false),
    identifyBySeed: readFlag(given.identifyBySeed, true),
  } as const
  return issues.length === 0 ? Result.succeed(config) : Result.fail(new InvalidInput({ issues }))
}

const unreadableSecret: unique symbol = Symbol("a secret that only another copy of effect can read")

/** Only the copy of effect that made a `Redacted` has its value. */
const readRedacted = (secret: Redacted.Redacted<unknown>): unknown => {
  try {
    return Redacted.value(secret)
  } catch {
    return unreadableSecret
  }
}

/** A form can have empty fields, and an environment empty variables. */
const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "")

/** Whether it can be part of an Authorization header: printable Latin-1, without surrounding spaces. */
const isCredential = (text: string): boolean => /^[ -~\u00a0-\u00ff]+$/.test(text) && text === text.trim()

const isBaseUrl = (text: string): boolean => {
  if (/[\s?#\\]/.test(text) || !URL.canParse(text)) return false
  const { protocol, username, password, hostname } = new URL(text)
  return ["http:", "https:"].includes(protocol) && username === "" && password === "" && hostname !== ""
}

const withoutSlash = (text: string): string => {
  let end = text.length
  while (text[end - 1] === "/") end -= 1
  return text.slice(0, end)
}
