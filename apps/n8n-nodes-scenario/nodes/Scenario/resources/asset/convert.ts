import { Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"
import { toPlainJson } from "../../output/toJson.ts"

export const convert: Operation = {
  value: "convert",
  name: "Convert",
  action: "Convert an asset",
  description: "Get a link to the file of an asset in another format",
  fields: [
    assetIdField,
    {
      displayName: "Format",
      name: "format",
      type: "options",
      options: [
        { name: "AVIF", value: "avif" },
        { name: "FBX", value: "fbx", description: "For 3D models" },
        { name: "GLB", value: "glb", description: "For 3D models" },
        { name: "JPEG", value: "jpeg" },
        { name: "OBJ", value: "obj", description: "For 3D models" },
        { name: "PNG", value: "png" },
        { name: "TIFF", value: "tiff" },
        { name: "WebP", value: "webp" },
      ],
      default: "png",
    },
  ],
  run: (item) =>
    Effect.map(
      Assets.use((assets) => assets.convert(item.text("assetId"), item.text("format"))),
      (link) => [{ json: toPlainJson(link) }],
    ),
}
