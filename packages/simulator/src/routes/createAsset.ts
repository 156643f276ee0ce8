import { checkBody } from "../contract/checkBody.ts"
import { boolean, required, text, texts } from "../contract/endpoints/Field.ts"
import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { readString, readStrings } from "../json.ts"
import { toFileSpec } from "../media/toFileSpec.ts"
import { createAssetRecord } from "../world/createJob.ts"
import { refuseProblems } from "./submitting.ts"
import { toAssetJson } from "./toAssetJson.ts"

const fields = {
  name: required(text),
  image: text,
  canvas: text,
  thumbnail: text,
  hide: boolean,
  collectionIds: texts,
  parentId: text,
}

/** `POST /assets`: creates an asset from a small picture, as base64 or a data URL. */
export const createAsset = (exchange: Exchange): ApiResponse => {
  const { world } = exchange
  const checked = checkBody(exchange.getObjectBody(), fields)
  for (const name of checked.unknown) exchange.addViolation(`"${name}" is not allowed`)
  refuseProblems(exchange, checked.problems)
  const { body } = checked
  const image = readString(body, "image") ?? readString(body, "thumbnail")
  if (image === undefined) throw refuse(400, "image parameter is required")
  const [, type, base64 = image] = /^data:([^;,]+);base64,(.*)$/s.exec(image) ?? []
  const bytes = Buffer.from(base64, "base64")
  if (bytes.length === 0) throw refuse(400, '"image" must be base64 or a data URL')

  const now = world.clock.now()
  const asset = createAssetRecord(
    world,
    {
      spec: toFileSpec(bytes, type, "image"),
      metadataType: "uploaded",
      source: "uploaded",
      parentId: readString(body, "parentId"),
      collectionIds: readStrings(body, "collectionIds"),
    },
    { jobId: undefined, index: undefined, createdAt: now, readyAt: now },
  )
  asset.name = readString(body, "name")
  asset.isHidden = body["hide"] === true
  world.assets.add(asset)
  return ok({ asset: toAssetJson(exchange, asset) })
}
