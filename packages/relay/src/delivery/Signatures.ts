import { Context, Effect, Layer } from "effect"
import { Webhook } from "standardwebhooks"
import { RelaySettings } from "../settings/RelaySettings.ts"

/** Signs callbacks by Standard Webhooks: with every secret of the client, the current one first. */
export class Signatures extends Context.Service<
  Signatures,
  {
    /** `now` is in milliseconds. */
    readonly sign: (
      clientId: string,
      messageId: string,
      now: number,
      body: string,
    ) => Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>>
  }
>()("@scenario-automation/relay/Signatures") {
  static readonly layer: Layer.Layer<Signatures, never, RelaySettings> = Layer.effect(
    Signatures,
    Effect.map(RelaySettings, ({ clients, signingSecrets }) => {
      const shared = signingSecrets.map((secret) => new Webhook(secret))
      const own = new Map(
        clients.flatMap(({ id, signingSecrets: secrets }) =>
          secrets === undefined ? [] : [[id, secrets.map((secret) => new Webhook(secret))] as const],
        ),
      )
      return {
        sign: (clientId, messageId, now, body) => {
          const signers = own.get(clientId) ?? shared
          const at = new Date(now)
          return {
            "webhook-id": messageId,
            "webhook-timestamp": String(Math.floor(now / 1_000)),
            "webhook-signature": signers.map((signer) => signer.sign(messageId, at, body)).join(" "),
          }
        },
      }
    }),
  )
}
