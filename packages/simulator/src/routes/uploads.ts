import { checkBody } from "../contract/checkBody.ts"
import { between, boolean, number, oneOf, record, text, texts } from "../contract/endpoints/Field.ts"
import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { get, post, type Route } from "../http/Route.ts"
import { isJsonObject, type JsonObject, readNumber, readString } from "../json.ts"
import type { UploadRecord } from "../world/UploadRecord.ts"
import { importFile, toUploadJson } from "../world/importFile.ts"
import { fetchLoopback } from "./fetchLoopback.ts"
import { refuseProblems } from "./submitting.ts"

const fields = {
  fileName: text,
  fileSize: number,
  contentType: text,
  parts: between(1, 10000),
  kind: oneOf("3d asset audio avatar image model text video"),
  url: text,
  civitaiModelUrl: text,
  huggingFaceModelName: text,
  assetOptions: record({ hide: boolean, collectionIds: texts, parentId: text }),
}

const create = async (exchange: Exchange): Promise<ApiResponse> => {
  const { world } = exchange
  const checked = checkBody(exchange.getObjectBody(), fields)
  for (const name of checked.unknown) exchange.addViolation(`"${name}" is not allowed`)
  refuseProblems(exchange, checked.problems)
  const { body } = checked
  const source = readSource(body)
  const url = readString(body, "url")
  if (source === "url" && readString(body, "kind") === undefined)
    throw refuse(400, "If you setup url you must setup kind")
  if (source === "multipart") {
    const absent = ["fileName", "fileSize", "contentType", "kind", "parts"].find(
      (name) => body[name] === undefined,
    )
    if (absent !== undefined) throw refuse(400, `"${absent}" is required`)
  }
  const upload: UploadRecord = {
    id: world.identifiers.next("upload_"),
    kind: readString(body, "kind") ?? "model",
    fileName:
      readString(body, "fileName") ??
      getFileName(
        url ?? readString(body, "civitaiModelUrl") ?? readString(body, "huggingFaceModelName") ?? "",
      ),
    contentType: readString(body, "contentType") ?? "application/octet-stream",
    fileSize: readNumber(body, "fileSize"),
    source,
    url,
    createdAt: world.clock.now(),
    partsCount: readNumber(body, "parts") ?? 0,
    receivedParts: new Map(),
    assetOptions: isJsonObject(body["assetOptions"]) ? body["assetOptions"] : undefined,
    completedAt: undefined,
    failure: undefined,
    jobId: undefined,
    entityId: undefined,
  }
  world.uploads.set(upload.id, upload)
  if (url !== undefined) {
    const fetched = await fetchLoopback(url)
    importFile(world, upload, fetched)
  } else if (source !== "multipart") {
    importFile(world, upload, {
      bytes: Buffer.from("simulated model weights"),
      contentType: "application/octet-stream",
    })
  }
  return ok({ upload: toUploadJson(world, upload) })
}

const readSource = (body: JsonObject): UploadRecord["source"] => {
  if (body["url"] !== undefined) return "url"
  if (body["civitaiModelUrl"] !== undefined) return "civitai"
  return body["huggingFaceModelName"] === undefined ? "multipart" : "huggingface"
}

const getFileName = (url: string): string => url.split("?")[0]?.split("/").at(-1) ?? "file"

const getUpload = (exchange: Exchange, uploadId: string): UploadRecord => {
  const upload = exchange.world.uploads.get(uploadId)
  if (upload === undefined) throw refuse(404, `Upload ${uploadId} not found`)
  return upload
}

const complete = (exchange: Exchange, { uploadId = "" }: Readonly<Record<string, string>>): ApiResponse => {
  const { world } = exchange
  const upload = getUpload(exchange, uploadId)
  if (exchange.getObjectBody()["action"] !== "complete")
    throw refuse(400, '"action" must be one of [complete]')
  if (upload.completedAt !== undefined) throw refuse(400, `Upload ${uploadId} is completed already`)
  const numbers = Array.from({ length: upload.partsCount }, (_, index) => index + 1)
  const absent = numbers.filter((part) => !upload.receivedParts.has(part))
  const bytes = Buffer.concat(numbers.map((part) => upload.receivedParts.get(part) ?? Buffer.alloc(0)))
  if (absent.length > 0) importFile(world, upload, { problem: `Part ${absent.join(", ")} was never sent` })
  else if (bytes.length !== upload.fileSize) {
    importFile(world, upload, { problem: `The file has ${bytes.length} bytes instead of ${upload.fileSize}` })
  } else importFile(world, upload, { bytes, contentType: upload.contentType })
  return ok({ upload: toUploadJson(world, upload) })
}

export const uploadRoutes: ReadonlyArray<Route> = [
  post("/uploads", create),
  get("/uploads/:uploadId", (exchange, { uploadId = "" }) =>
    ok({ upload: toUploadJson(exchange.world, getUpload(exchange, uploadId)) }),
  ),
  post("/uploads/:uploadId/action", complete),
]
