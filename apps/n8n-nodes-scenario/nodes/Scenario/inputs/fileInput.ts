import type { InputValue, LocalFile } from "@scenario-automation/core"
import type { IBinaryData } from "n8n-workflow"
import type { Item } from "../Item.ts"
import { BadParameter } from "../nodeError.ts"
import { isRecord, textOf } from "../values.ts"
import { isBinaryData } from "./inputFiles.ts"

/**
 * A file as an input: the name of one of the item's binary fields, an asset id, or a URL; or n8n's own description of a
 * file, where an expression gives that (`{{ $binary.data }}`, which comes without its content).
 */
export const fileInput = async (item: Item, value: unknown): Promise<InputValue> => {
  if (isBinaryData(value)) return localFile(item, value)
  if (isRecord(value) && typeof value["mimeType"] === "string") {
    throw new BadParameter({
      message:
        "n8n keeps files in its memory here, and an expression does not give their content. Enter the name of the binary field instead, such as data.",
    })
  }
  const text = textOf(value)
  if (text === undefined) return undefined
  const file = item.file(text)
  if (file !== undefined) return localFile(item, file)
  if (/^(https?:|data:|asset_)/i.test(text) || isBareAssetId.test(text)) return text
  const names = item.fileNames
  const there = names.length === 0 ? "it has no files" : `it has ${names.join(", ")}`
  throw new BadParameter({
    message: `The input item has no file named "${text}" (${there}). Enter the name of one of its binary fields, an asset ID or a URL.`,
  })
}

/** Asset ids of an older make have no prefix; no binary field is named like that. */
const isBareAssetId = /^(?=.*\d)[\w-]{20,}$/

/** A file that n8n keeps outside of the item is read as it is sent: a long video needs no memory of its size. */
const localFile = async (
  { host }: Item,
  { id, fileName, mimeType, fileExtension, data }: IBinaryData,
): Promise<LocalFile> => {
  const file = { fileName: fileName ?? `file.${fileExtension ?? "bin"}`, contentType: mimeType }
  if (id === undefined) return { ...file, bytes: new Uint8Array(Buffer.from(data, "base64")) }
  const { helpers } = host
  const { fileSize } = await helpers.getBinaryMetadata(id)
  return {
    ...file,
    size: fileSize,
    async *stream() {
      for await (const chunk of await helpers.getBinaryStream(id)) yield new Uint8Array(Buffer.from(chunk))
    },
  }
}
