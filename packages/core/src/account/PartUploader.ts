import { Context, type Effect } from "effect"
import type { UploadFailed } from "../errors.ts"

/**
 * Puts one part of a file where Scenario wants it: a presigned link at its storage, which must never see the API's
 * credentials. A port, because the transport to everything but the API belongs to `http/`.
 */
export class PartUploader extends Context.Service<
  PartUploader,
  {
    /**
     * One attempt. Needs no more of `UploadFailed` than the reason, and whether another attempt can help. The link is
     * part of the secret: no reason may hold it.
     */
    putPart(url: string, bytes: Uint8Array, contentType: string): Effect.Effect<void, UploadFailed>
  }
>()("@scenario-automation/core/PartUploader") {}
