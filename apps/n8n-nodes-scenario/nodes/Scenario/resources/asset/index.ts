import type { Resource } from "../../Operation.ts"
import { remove, tag } from "./change.ts"
import { convert } from "./convert.ts"
import { download } from "./download.ts"
import { get, getMany, search } from "./find.ts"
import { upload } from "./upload.ts"

export const asset: Resource = {
  value: "asset",
  name: "Asset",
  description: "Images, videos, audio, 3D models and other files stored in Scenario",
  operations: [convert, remove, download, get, getMany, search, tag, upload],
  first: get,
}
