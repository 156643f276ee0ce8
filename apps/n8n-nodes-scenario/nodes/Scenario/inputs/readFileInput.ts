import type { FileAsStream, InputValue, LocalFile } from "@scenario-automation/core"
import type { IBinaryData } from "n8n-workflow"
import type { Item } from "../Item.ts"
import { BadParameter } from "../BadParameter.ts"
import { quote } from "../readValues.ts"
import { isRecord, toText } from "../values.ts"
import { isBinaryData } from "./listInputFiles.ts"

/**
 * Takes the name of a binary field or of its file, an asset ID, a URL, or n8n's own description of a file, which the
 * expression `{{ $binary.data }}` returns (without the content).
 */
export const readFileInput = async (item: Item, value: unknown): Promise<InputValue> => {
  if (isBinaryData(value)) return toLocalFile(item, value)
  if (isRecord(value) && typeof value["mimeType"] === "string") {
    throw new BadParameter({
      message:
        "This n8n keeps files in memory, so an expression can't pass their content. Enter the name of the binary field instead, such as data.",
    })
  }
  const text = toText(value)
  if (text === undefined) return undefined
  const file = item.file(text)
  if (file !== undefined) return toLocalFile(item, file)
  if (/^(https?:|data:|asset_)/i.test(text) || isBareAssetId.test(text)) return text
  if (isBase64(text)) {
    throw new BadParameter({
      message: `A file input holds ${text.length} characters of base64, so nothing was sent. Put the file into a binary field and enter the field's name, or write it as a data URL: data:image/png;base64, followed by the content.`,
    })
  }
  const names = item.fileNames
  const available = names.length === 0 ? "it has no files" : `it has ${names.join(", ")}`
  throw new BadParameter({
    message: `The input item has no file named ${quote(text)} (${available}). Enter the name of one of its binary fields, an asset ID or a URL.`,
  })
}

/** Old asset IDs have no prefix: about 22 letters and digits, in both cases. */
const isBareAssetId = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z\d_-]{20,32}$/

/** Long enough not to be a file's name. */
const isBase64 = (text: string): boolean => text.length >= 64 && /^[A-Za-z\d+/_\s-]+=*\s*$/.test(text)

/** The ID identifies the file when a request is repeated. */
interface StoredFile extends FileAsStream {
  readonly n8nId: string
}

/** A file that n8n stores outside the item is streamed, so that a long video isn't held in memory. */
const toLocalFile = async (
  { host }: Item,
  { id, fileName, mimeType, fileExtension, data }: IBinaryData,
): Promise<LocalFile> => {
  const file = { fileName: fileName ?? `file.${fileExtension ?? "bin"}`, contentType: mimeType }
  if (id === undefined) return { ...file, bytes: new Uint8Array(Buffer.from(data, "base64")) }
  const { helpers } = host
  const { fileSize } = await helpers.getBinaryMetadata(id)
  const stored: StoredFile = {
    ...file,
    size: fileSize,
    n8nId: id,
    async *stream() {
      for await (const chunk of await helpers.getBinaryStream(id)) yield new Uint8Array(Buffer.from(chunk))
    },
  }
  return stored
}
