import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"

/** Why a part was not taken, and what helps: another attempt, a fresh link, or nothing. */
export class PartRefused extends Data.TaggedError("PartRefused")<{
  /** The link is part of the secret: no reason may hold it. */
  readonly reason: string
  readonly recovery: "repeat" | "renew" | "none"
  /** How long the storage asks to wait. Milliseconds. */
  readonly retryAfterMs?: number | undefined
}> {}

/**
 * Puts one part of a file where Scenario wants it: a presigned link at its storage, which must never see the API's
 * credentials. A port, because the transport to everything but the API belongs to `http/`.
 */
export class PartUploader extends Context.Service<
  PartUploader,
  {
    /** One attempt, redirects included. */
    putPart(url: string, bytes: Uint8Array, contentType: string): Effect.Effect<void, PartRefused>
  }
>()("@scenario-automation/core/PartUploader") {}
