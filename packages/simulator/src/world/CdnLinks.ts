import { createHmac } from "node:crypto"

export type LinkState = "valid" | "expired" | "forged"

/** Signs and checks links to the CDN, by simulated time. */
export class CdnLinks {
  /** The origin of all links, known once the CDN listens. */
  origin = ""
  readonly #secret: string
  readonly #lifetimeMs: number
  readonly #now: () => number

  constructor(seed: number, lifetimeMs: number, now: () => number) {
    this.#secret = `simulated-cdn-key-${seed}`
    this.#lifetimeMs = lifetimeMs
    this.#now = now
  }

  #sign(policy: string): string {
    return toCdnText(createHmac("sha256", this.#secret).update(policy).digest())
  }

  /** Signs a link as CloudFront does. `p=100` is in the documented examples. */
  sign(path: string): string {
    const expiresAtSeconds = Math.floor((this.#now() + this.#lifetimeMs) / 1000)
    const policy = JSON.stringify({
      Statement: [{ Resource: path, Condition: { DateLessThan: { "AWS:EpochTime": expiresAtSeconds } } }],
    })
    const query = `p=100&Policy=${toCdnText(Buffer.from(policy))}&Signature=${this.#sign(policy)}&Key-Pair-Id=KSIMULATOR01`
    return `${this.origin}${path}?${query}`
  }

  check(path: string, query: URLSearchParams): LinkState {
    const policy = fromCdnText(query.get("Policy") ?? "")
    if (query.get("Signature") !== this.#sign(policy) || query.get("Key-Pair-Id") !== "KSIMULATOR01")
      return "forged"
    const [, resource, seconds] = /"Resource":"([^"]+)".*"AWS:EpochTime":(\d+)/.exec(policy) ?? []
    if (resource !== path) return "forged"
    return this.#now() < Number(seconds) * 1000 ? "valid" : "expired"
  }
}

// CloudFront's variant of base64 replaces the three characters that a URL would escape.
const toCdnText = (bytes: Buffer): string =>
  bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~")

const fromCdnText = (text: string): string =>
  Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64").toString("utf8")
