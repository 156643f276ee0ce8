import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CdnHttp } from "./CdnHttp.ts"
import { readHeaders, readText, sendAndUse, type TransportResponse } from "./HttpTransport.ts"
import { readRetryAfter } from "./readErrorResponse.ts"
import { maxRedirects, resolveRedirect } from "./redirects.ts"
import { readTransportFault } from "./transportFault.ts"

/** The storage did not accept a part. `recovery` says what can help: another attempt, a fresh link, or nothing. */
export class PartRefused extends Data.TaggedError("PartRefused")<{
  /** Never contains the link, which is a secret. */
  readonly reason: string
  readonly recovery: "retry" | "refresh" | "none"
  /** How long the storage asks to wait. Milliseconds. */
  readonly retryAfterMs?: number | undefined
}> {}

/**
 * Uploads one part of a file to a presigned link at Scenario's storage. It sends over `CdnHttp`, because the storage must
 * never receive the API's credentials.
 */
export class PartUploader extends Context.Service<
  PartUploader,
  {
    /** Makes one attempt, and follows its redirects. */
    putPart(url: string, bytes: Uint8Array, contentType: string): Effect.Effect<void, PartRefused>
  }
>()("@scenario-automation/core/PartUploader") {
  /** @internal */
  static readonly layer: Layer.Layer<PartUploader, never, CdnHttp> = Layer.effect(
    PartUploader,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* CdnHttp

  const putPart = Effect.fn("scenario.uploads.putPart")(function* (
    url: string,
    bytes: Uint8Array,
    contentType: string,
  ) {
    let target: string | undefined = url
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const { location } = yield* send(target, bytes, contentType).pipe(
        Effect.catchTag(
          "TransportFailed",
          (error) => new PartRefused({ reason: readTransportFault(error.cause).detail, recovery: "retry" }),
        ),
        Effect.timeoutOrElse({
          duration: "2 minutes",
          orElse: () => new PartRefused({ reason: "the storage did not respond in time", recovery: "retry" }),
        }),
      )
      if (location === undefined) return
      target = resolveRedirect(target, location)
      if (target === undefined) {
        return yield* new PartRefused({ reason: "a redirect to an unsafe URL", recovery: "none" })
      }
    }
    return yield* new PartRefused({ reason: "too many redirects", recovery: "refresh" })
  })

  const send = (url: string, bytes: Uint8Array, contentType: string) =>
    sendAndUse(
      http,
      { method: "PUT", url, headers: { "content-type": contentType }, body: bytes, isSentOnce: false },
      readPutResponse,
    )

  return PartUploader.of({ putPart })
})

/** Returns the redirect's location, or nothing if the part was accepted. */
const readPutResponse = Effect.fnUntraced(function* (response: TransportResponse) {
  const { status } = response
  const headers = readHeaders(response)
  // Only these two keep the method and the body.
  const location = status === 307 || status === 308 ? headers["location"] : undefined
  if (location !== undefined) return { location }
  if (status >= 200 && status < 300) return {}
  const text = yield* Effect.orElseSucceed(readText(response), () => "")
  const now = yield* Clock.currentTimeMillis
  return yield* new PartRefused({
    reason: `the storage returned ${status}${describeCode(text)}`,
    recovery: chooseRecovery(status, text),
    retryAfterMs: readRetryAfter(headers, now),
  })
})

/** S3's codes for temporary failures. It returns some of them with a 400. */
const temporary =
  /\b(RequestTimeout|RequestTimeTooSkewed|IncompleteBody|BadDigest|InternalError|OperationAborted|SlowDown|ServiceUnavailable)\b/
const expired =
  /\b(ExpiredToken|TokenRefreshRequired|AccessDenied|SignatureDoesNotMatch|NoSuchUpload)\b|expired/i

const chooseRecovery = (status: number, text: string): PartRefused["recovery"] => {
  if (status === 408 || status === 425 || status === 429 || status >= 500 || temporary.test(text)) {
    return "retry"
  }
  if ([401, 403, 404, 410].includes(status) || expired.test(text)) return "refresh"
  // A 400 without a reason may be temporary. One with an unknown reason isn't.
  return status === 400 && text.trim() === "" ? "retry" : "none"
}

const describeCode = (text: string): string => {
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1]
  return code === undefined ? "" : ` (${code})`
}
