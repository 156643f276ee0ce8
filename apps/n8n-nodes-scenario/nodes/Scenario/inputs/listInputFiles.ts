import type { IBinaryData, IBinaryKeyData, INodeExecutionData } from "n8n-workflow"
import { isRecord } from "../values.ts"

/** The files of an input item: beside its JSON, or within it if the workflow's `binaryMode` is `combined`. */
export const listInputFiles = ({ binary, json }: INodeExecutionData): IBinaryKeyData => {
  const combined = json["_files"]
  const within = isRecord(combined)
    ? Object.entries(combined).filter((entry): entry is [string, IBinaryData] => isBinaryData(entry[1]))
    : []
  return { ...Object.fromEntries(within), ...binary }
}

/** n8n's description of a file: its content, or the id under which n8n keeps it elsewhere. */
export const isBinaryData = (value: unknown): value is IBinaryData =>
  isRecord(value) &&
  typeof value["mimeType"] === "string" &&
  (typeof value["data"] === "string" || typeof value["id"] === "string")
