import { Clock, Effect, Layer } from "effect"
import { HttpClient, HttpClientRequest, type HttpClientResponse } from "effect/http"
import { PartRefused, PartUploader } from "../account/PartUploader.ts"
import { CdnHttp } from "./CdnHttp.ts"
import { readRetryAfter } from "./readRefusal.ts"
import { redirectTarget } from "./redirectTarget.ts"
import { readTransportTrouble } from "./transportTrouble.ts"

const maxRedirects = 5

/** Puts parts over `CdnHttp`, which never signs: a presigned link carries its own permission. */
export const partUploaderLayer: Layer.Layer<PartUploader, never, CdnHttp> = Layer.effect(
  PartUploader,
  Effect.suspend(() => make),
)

const make = Effect.gen(function* () {
  const http = yield* CdnHttp

  const send = Effect.fnUntraced(function* (url: string, bytes: Uint8Array, contentType: string) {
    const request = HttpClientRequest.put(url).pipe(HttpClientRequest.bodyUint8Array(bytes, contentType))
    const response = yield* http.execute(request)
    // Only these two ask for the same request elsewhere: the storage moved to another region, or the link did.
    const location =
      response.status === 307 || response.status === 308 ? response.headers["location"] : undefined
    if (location !== undefined) return { location }
    if (response.status >= 200 && response.status < 300) return {}
    return yield* refusalBy(response)
  })

  const putPart = Effect.fn("PartUploader.putPart")(function* (
    url: string,
    bytes: Uint8Array,
    contentType: string,
  ) {
    let target: string | undefined = url
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const { location } = yield* send(target, bytes, contentType).pipe(
        Effect.catchTag(
          "HttpClientError",
          (error) => new PartRefused({ reason: readTransportTrouble(error).detail, recovery: "repeat" }),
        ),
        Effect.timeoutOrElse({
          duration: "2 minutes",
          orElse: () => new PartRefused({ reason: "the storage did not answer in time", recovery: "repeat" }),
        }),
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
        Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      )
      if (location === undefined) return
      target = redirectTarget(target, location)
      if (target === undefined) {
        return yield* new PartRefused({ reason: "a redirect that leads nowhere safe", recovery: "none" })
      }
    }
    return yield* new PartRefused({ reason: "too many redirects", recovery: "renew" })
  })

  return PartUploader.of({ putPart })
})

/** S3's codes of refusals that pass: it answers 400 to some of them. */
const passing =
  /\b(RequestTimeout|RequestTimeTooSkewed|IncompleteBody|BadDigest|InternalError|OperationAborted|SlowDown|ServiceUnavailable)\b/
const expired =
  /\b(ExpiredToken|TokenRefreshRequired|AccessDenied|SignatureDoesNotMatch|NoSuchUpload)\b|expired/i

const refusalBy = Effect.fnUntraced(function* (response: HttpClientResponse.HttpClientResponse) {
  const { status, headers } = response
  const text = yield* Effect.orElseSucceed(response.text, () => "")
  const now = yield* Clock.currentTimeMillis
  return yield* new PartRefused({
    reason: `the storage answered ${status}${describeCode(text)}`,
    recovery: recoveryFrom(status, text),
    retryAfterMs: readRetryAfter(headers, now),
  })
})

const recoveryFrom = (status: number, text: string): PartRefused["recovery"] => {
  if (status === 408 || status === 425 || status === 429 || status >= 500 || passing.test(text))
    return "repeat"
  if ([401, 403, 404, 410].includes(status) || expired.test(text)) return "renew"
  // A 400 without a reason may pass; one with a reason of its own won't.
  return status === 400 && text.trim() === "" ? "repeat" : "none"
}

const describeCode = (text: string): string => {
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1]
  return code === undefined ? "" : ` (${code})`
}
