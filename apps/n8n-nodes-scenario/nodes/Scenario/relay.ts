import { endSentence, sha256Hex } from "@scenario-automation/core/host"
import type { AccountRegistration, WaitRegistration } from "@scenario-automation/relay-contract"
import { Data, Effect, Schedule } from "effect"
import type { IExecuteFunctions } from "n8n-workflow"
import { isRecord, toText, tryParseJson } from "./values.ts"
import { makeRelayTransport } from "./transport.ts"

/** The relay can't be reached, or refuses a request. */
class RelayError extends Data.TaggedError("RelayError")<{
  /** What happened and what to do, in sentences. */
  readonly detail: string
  readonly isRetryable: boolean
}> {}

/** Registers the credential's account with the relay, unless the relay has one of its own, and returns its ID. */
export const registerAccount = Effect.fn("registerAccount")(function* (host: IExecuteFunctions) {
  const { url, accountId } = yield* readRelay(host)
  if (accountId !== undefined) return accountId
  const { baseUrl, ...account } = yield* readAccount(host)
  const id = yield* sha256Hex(JSON.stringify([baseUrl, account.apiKey, account.apiSecret, account.projectId]))
  yield* send(host, "PUT", `${url}/v1/accounts/${id}`, account)
  return id
})

/** Returns when the wait is durable. The same wait twice is one wait. */
export const registerWait = Effect.fn("registerWait")(function* (
  host: IExecuteFunctions,
  wait: WaitRegistration,
) {
  const { url } = yield* readRelay(host)
  yield* send(host, "POST", `${url}/v1/waits`, wait)
})

const readRelay = (host: IExecuteFunctions) =>
  Effect.tryPromise({
    try: async () => {
      const credential = await host.getCredentials("scenarioRelayApi")
      return {
        url: (toText(credential["url"]) ?? "").replace(/\/+$/, ""),
        accountId: toText(credential["accountId"]),
      }
    },
    catch: () => new RelayError({ detail: noCredential, isRetryable: false }),
  })

const noCredential = "Callback URL needs a Scenario Relay API credential. Select one in the node."

const readAccount = (host: IExecuteFunctions) =>
  Effect.promise(async (): Promise<AccountRegistration & { readonly baseUrl: string | undefined }> => {
    const credential = await host.getCredentials("scenarioApi")
    const read = (name: string) => toText(credential[name])
    const projectId = read("projectId")
    return {
      apiKey: read("apiKey") ?? "",
      apiSecret: read("apiSecret") ?? "",
      baseUrl: read("baseUrl"),
      ...(projectId === undefined ? {} : { projectId }),
    }
  })

const send = (host: IExecuteFunctions, method: "POST" | "PUT", url: string, body: object) =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await makeRelayTransport(host)(
        {
          method,
          url,
          headers: { "content-type": "application/json" },
          body: Buffer.from(JSON.stringify(body)),
          isSentOnce: false,
        },
        signal,
      )
      return { status: response.status, text: await new Response(response.body).text() }
    },
    catch: (cause) => new RelayError({ detail: describeUnreachable(cause), isRetryable: true }),
  }).pipe(
    Effect.timeoutOrElse({
      duration: "15 seconds",
      orElse: () =>
        Effect.fail(
          new RelayError({ detail: describeUnreachable("no response in 15 s"), isRetryable: true }),
        ),
    }),
    Effect.flatMap(({ status, text }) =>
      status < 300
        ? Effect.void
        : Effect.fail(
            new RelayError({
              detail: describeRefusal(status, text),
              isRetryable: status === 429 || status >= 500,
            }),
          ),
    ),
    Effect.retry({
      while: ({ isRetryable }) => isRetryable,
      times: 3,
      schedule: Schedule.exponential("500 millis"),
    }),
  )

const describeUnreachable = (cause: unknown): string => {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return `The relay can't be reached: ${endSentence(reason)} Check the Relay URL of the credential.`
}

/** The relay's errors are sentences that end in what to do. */
const describeRefusal = (status: number, text: string): string => {
  const body = tryParseJson(text)
  const message = isRecord(body) ? (toText(body["message"]) ?? toText(body["detail"])) : undefined
  return message === undefined
    ? `The relay responded with status ${status}. Check the Relay URL of the credential.`
    : `The relay rejected the request: ${endSentence(message)}`
}
