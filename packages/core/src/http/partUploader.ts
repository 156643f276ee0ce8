import { Effect, Layer } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { PartUploader } from "../account/PartUploader.ts"
import { UploadFailed } from "../errors.ts"
import { CdnHttp } from "./CdnHttp.ts"
import { readTransportTrouble } from "./transportTrouble.ts"

const failed = (reason: string, isRetryable: boolean) => new UploadFailed({ reason, isRetryable })

/** Puts parts over `CdnHttp`, which never signs: a presigned link carries its own permission. */
export const partUploaderLayer: Layer.Layer<PartUploader, never, CdnHttp> = Layer.effect(
  PartUploader,
  Effect.gen(function* () {
    const http = yield* CdnHttp
    return PartUploader.of({
      putPart: Effect.fn("PartUploader.putPart")(function* (url, bytes, contentType) {
        const request = HttpClientRequest.put(url).pipe(HttpClientRequest.bodyUint8Array(bytes, contentType))
        const response = yield* http.execute(request).pipe(
          Effect.catchTag("HttpClientError", (error) => failed(readTransportTrouble(error).detail, true)),
          Effect.timeoutOrElse({
            duration: "2 minutes",
            orElse: () => failed("the storage did not answer in time", true),
          }),
          Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
          Effect.provideService(HttpClient.TracerPropagationEnabled, false),
        )
        const { status } = response
        if (status >= 200 && status < 300) return
        return yield* failed(
          `the storage answered ${status}`,
          status === 408 || status === 429 || status >= 500,
        )
      }),
    })
  }),
)
