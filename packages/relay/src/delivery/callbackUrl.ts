import { isIP } from "node:net"
import { isPublicAddress } from "./publicAddress.ts"

export interface ReceiverUrl {
  readonly url: URL
  /** Whether the allow list names its host: then its address may be inside, and http is allowed. */
  readonly isAllowedInside: boolean
}

/**
 * Reads a callback URL, or says in a sentence why the relay doesn't call it. A name that leads to an inside address is only
 * recognized when the relay connects.
 */
export const readCallbackUrl = (text: string, allowedHosts: ReadonlyArray<string>): ReceiverUrl | string => {
  const url = URL.parse(text)
  if (url === null) return "callbackUrl isn't a URL. Pass one like https://app.example.com/done."
  if (url.username !== "" || url.password !== "")
    return "callbackUrl has a user name or password. Put a secret into its path or query instead."
  const isAllowedInside = allowedHosts.some((host) => host === url.host || host === url.hostname)
  if (isAllowedInside && (url.protocol === "https:" || url.protocol === "http:"))
    return { url, isAllowedInside }
  if (url.protocol !== "https:")
    return "callbackUrl doesn't use https. Use https, or add its host to RELAY_ALLOWED_HOSTS."
  if (url.port !== "")
    return "callbackUrl has a port other than 443. Use 443, or add its host and port to RELAY_ALLOWED_HOSTS."
  const host = url.hostname.replaceAll(/^\[|\]$/g, "")
  if (isIP(host) !== 0 && !isPublicAddress(host))
    return "callbackUrl is an inside address. Use a public one, or add its host to RELAY_ALLOWED_HOSTS."
  return { url, isAllowedInside }
}
