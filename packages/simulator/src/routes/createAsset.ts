import { checkBody } from "../contract/checkBody.ts"
import { boolean, required, text, texts } from "../contract/endpoints/Field.ts"
import { type Answer, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { stringAt, stringsAt } from "../json.ts"
import { specOfFile } from "../media/specOfFile.ts"
import { makeAsset } from "../world/createJob.ts"
import { refuseProblems } from "./submitting.ts"
import { viewed } from "./viewedAsset.ts"

const fields = {
  name: required(text),
  image: text,
  canvas: text,
  thumbnail: text,
  hide: boolean,
  collectionIds: texts,
  parentId: text,
}

/** `POST /assets`: a small picture, as base64 or a data URL. */
export const createAsset = (exchange: Exchange): Answer => {
  const { world } = exchange
  const checked = checkBody(exchange.objectBody(), fields)
  for (const name of checked.unknown) exchange.violate(`"${name}" is not allowed`)
  refuseProblems(exchange, checked.problems)
  const { body } = checked
  const image = stringAt(body, "image") ?? stringAt(body, "thumbnail")
  if (image === undefined) throw refuse(400, "image parameter is required")
  const [, type, base64 = image] = /^data:([^;,]+);base64,(.*)$/s.exec(image) ?? []
  const bytes = Buffer.from(base64, "base64")
  if (bytes.length === 0) throw refuse(400, '"image" must be base64 or a data URL')

  const now = world.clock.now()
  const asset = makeAsset(
    world,
    {
      spec: specOfFile(bytes, type, "image"),
      metadataType: "uploaded",
      source: "uploaded",
      parentId: stringAt(body, "parentId"),
      collectionIds: stringsAt(body, "collectionIds"),
    },
    { jobId: undefined, index: undefined, createdAt: now, readyAt: now },
  )
  asset.name = stringAt(body, "name")
  asset.isHidden = body["hide"] === true
  world.assets.add(asset)
  return ok({ asset: viewed(exchange, asset) })
}
