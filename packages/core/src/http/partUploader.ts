import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PartRefused, PartUploader } from "../account/PartUploader.ts"
import { CdnHttp } from "./CdnHttp.ts"
import { readHeaders, readText, sendAndUse, type TransportResponse } from "./HttpTransport.ts"
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

  const send = (url: string, bytes: Uint8Array, contentType: string) =>
    sendAndUse(
      http,
      { method: "PUT", url, headers: { "content-type": contentType }, body: bytes, isSentOnce: false },
      readPutAnswer,
    )

  const putPart = Effect.fn("PartUploader.putPart")(function* (
    url: string,
    bytes: Uint8Array,
    contentType: string,
  ) {
    let target: string | undefined = url
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const { location } = yield* send(target, bytes, contentType).pipe(
        Effect.catchTag(
          "TransportFailed",
          (error) =>
            new PartRefused({ reason: readTransportTrouble(error.cause).detail, recovery: "repeat" }),
        ),
        Effect.timeoutOrElse({
          duration: "2 minutes",
          orElse: () => new PartRefused({ reason: "the storage did not answer in time", recovery: "repeat" }),
        }),
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

/** Where to put the part instead; nothing if it was taken. */
const readPutAnswer = Effect.fnUntraced(function* (response: TransportResponse) {
  const { status } = response
  const headers = readHeaders(response)
  // Only these two ask for the same request elsewhere: the storage moved to another region, or the link did.
  const location = status === 307 || status === 308 ? headers["location"] : undefined
  if (location !== undefined) return { location }
  if (status >= 200 && status < 300) return {}
  const text = yield* Effect.orElseSucceed(readText(response), () => "")
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
