import type { IBinaryData, IBinaryKeyData, INodeExecutionData } from "n8n-workflow"
import { isRecord } from "../values.ts"

/** An item's files are in its JSON if the workflow's `binaryMode` is `combined`. */
export const listInputFiles = ({ binary, json }: INodeExecutionData): IBinaryKeyData => {
  const combined = json["_files"]
  const within = isRecord(combined)
    ? Object.entries(combined).filter((entry): entry is [string, IBinaryData] => isBinaryData(entry[1]))
    : []
  return { ...Object.fromEntries(within), ...binary }
}

/** Either with the content, or with n8n's ID of a file that is stored elsewhere. */
export const isBinaryData = (value: unknown): value is IBinaryData =>
  isRecord(value) &&
  typeof value["mimeType"] === "string" &&
  (typeof value["data"] === "string" || typeof value["id"] === "string")
