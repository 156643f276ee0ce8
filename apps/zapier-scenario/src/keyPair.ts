import type { Bundle } from "zapier-platform-core"

export interface KeyPair {
  readonly apiKey: string
  readonly apiSecret: string
}

export const readKeyPair = (authData: Bundle["authData"] | undefined): KeyPair | undefined => {
  const [apiKey, apiSecret] = [authData?.["apiKey"], authData?.["apiSecret"]].map((half: unknown) =>
    typeof half === "string" ? half.trim() : "",
  )
  return apiKey && apiSecret && isHeaderSafe(apiKey) && isHeaderSafe(apiSecret)
    ? { apiKey, apiSecret }
    : undefined
}

const isHeaderSafe = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)
