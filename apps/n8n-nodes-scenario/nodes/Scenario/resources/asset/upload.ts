import { Uploads } from "@scenario-automation/core"
import { isLocalFile } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { makeOptionsField } from "../../fields/options.ts"
import { readFileInput } from "../../inputs/readFileInput.ts"
import { BadParameter } from "../../BadParameter.ts"
import type { Operation } from "../../Operation.ts"
import { toPlainJson } from "../../output/toJson.ts"

export const upload: Operation = {
  value: "upload",
  name: "Upload",
  action: "Upload a file",
  description: "Upload a file from a binary field or a URL",
  fields: [
    {
      displayName: "File",
      name: "file",
      type: "string",
      default: "data",
      required: true,
      hint: "The name of the binary field that holds the file, or a URL that Scenario can access",
    },
    makeOptionsField([
      {
        displayName: "Collection IDs",
        name: "collectionIds",
        type: "string",
        default: "",
        description: "Comma-separated list of collections to add the asset to",
      },
      {
        displayName: "Hide",
        name: "hide",
        type: "boolean",
        default: false,
        description: "Whether to hide the asset in lists",
      },
      {
        displayName: "Kind",
        name: "kind",
        type: "options",
        options: [
          { name: "3D", value: "3d" },
          { name: "Audio", value: "audio" },
          { name: "Image", value: "image" },
          { name: "Other", value: "asset" },
          { name: "Text", value: "text" },
          { name: "Video", value: "video" },
        ],
        default: "image",
        description: "Type of asset to create. Detected from the file if not set.",
      },
    ]),
  ],
  run: Effect.fnUntraced(function* (item) {
    const uploads = yield* Uploads
    const file = yield* Effect.tryPromise({
      try: () => readFileInput(item, item.parameter("file")),
      catch: (cause) =>
        cause instanceof BadParameter
          ? cause
          : new BadParameter({ message: cause instanceof Error ? cause.message : String(cause) }),
    })
    const options = {
      kind: item.options.kind,
      hide: item.options.hide === true ? true : undefined,
      collectionIds: item.options.collectionIds,
    }
    if (isLocalFile(file)) return [{ json: toPlainJson(yield* uploads.upload(file, options)) }]
    if (typeof file === "string" && /^https?:/i.test(file)) {
      return [{ json: toPlainJson(yield* uploads.importUrl(file, options)) }]
    }
    return yield* new BadParameter({
      message: "There is no file to upload. Enter the name of a binary field of the input item, or a URL.",
    })
  }),
}
