import type { Asset } from "@scenario-automation/core"
import { toIsoDate } from "./toIsoDate.ts"

export const describeAsset = ({ assetId, name, prompt, kind, type, createdAt }: Asset): string => {
  const what = [name, prompt?.slice(0, 60)].find((text) => text !== undefined && text.trim() !== "")
  if (what !== undefined) return `${what} (${kind})`
  const date = toIsoDate(createdAt)?.slice(0, 16).replace("T", " ")
  if (date === undefined) return `${assetId} (${kind})`
  const origin = type?.startsWith("uploaded") === true ? "Uploaded" : "Generated"
  return `${origin} ${kind}, ${date} UTC`
}
