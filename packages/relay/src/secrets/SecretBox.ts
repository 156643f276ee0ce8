import { Context, Data, Layer } from "effect"
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto"

/** A stored secret can't be opened: its key isn't configured any more, or it was changed or moved. */
export class SecretUnreadable extends Data.TaggedError("SecretUnreadable")<{ readonly reason: string }> {
  override get message(): string {
    return `A stored secret can't be decrypted: ${this.reason}. Add the key that it was encrypted with to RELAY_ENCRYPTION_KEYS.`
  }
}

interface Key {
  readonly id: string
  readonly secret: KeyObject
}

/**
 * Encrypts what the database holds of secrets: credentials, callback URLs, prompts. AES-256-GCM; `context` is authenticated
 * too, so a value that is moved to another row can't be opened.
 */
export class SecretBox extends Context.Service<
  SecretBox,
  {
    readonly seal: (plain: string, context: string) => string
    /** Throws `SecretUnreadable`. */
    readonly open: (sealed: string, context: string) => string
    /** The beginning of every value that was sealed with the current key. */
    readonly currentPrefix: string
  }
>()("@scenario-automation/relay/SecretBox") {
  /** The first key encrypts; the others only decrypt, until what they have encrypted is replaced. Each has 32 bytes. */
  static readonly layer = (
    keys: readonly [Uint8Array, ...ReadonlyArray<Uint8Array>],
  ): Layer.Layer<SecretBox> => Layer.succeed(SecretBox, makeBox(keys))
}

const makeBox = ([first, ...older]: readonly [
  Uint8Array,
  ...ReadonlyArray<Uint8Array>,
]): SecretBox["Service"] => {
  const current = toKey(first)
  const keys = new Map([current, ...older.map(toKey)].map((key) => [key.id, key]))
  const currentPrefix = `v1.${current.id}.`
  return {
    currentPrefix,
    seal: (plain, context) => {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv("aes-256-gcm", current.secret, iv).setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()])
      return currentPrefix + Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")
    },
    open: (sealed, context) => {
      const [version, keyId = "", data = ""] = sealed.split(".")
      const key = keys.get(keyId)
      if (version !== "v1" || key === undefined)
        throw new SecretUnreadable({ reason: "its key isn't configured" })
      const bytes = Buffer.from(data, "base64url")
      const tag = bytes.subarray(ivBytes, ivBytes + tagBytes)
      try {
        const decipher = createDecipheriv("aes-256-gcm", key.secret, bytes.subarray(0, ivBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
        const text = bytes.subarray(ivBytes + tagBytes)
        return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8")
      } catch {
        throw new SecretUnreadable({ reason: "it was changed, or belongs to another row" })
      }
    },
  }
}

const ivBytes = 12
const tagBytes = 16

/** The ID says which key a value was sealed with, and nothing of the key. */
const toKey = (bytes: Uint8Array): Key => ({
  id: createHash("sha256").update("relay key id").update(bytes).digest("hex").slice(0, 8),
  secret: createSecretKey(bytes),
})
