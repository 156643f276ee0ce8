import { isLocalFile, Uploads } from "@scenario-automation/core"
import { Effect } from "effect"
import { optionsField } from "../../fields/options.ts"
import { fileInput } from "../../inputs/fileInput.ts"
import { BadParameter } from "../../nodeError.ts"
import type { Operation } from "../../Operation.ts"
import { plainJson } from "../../output/plainJson.ts"
import { givenList, textOf } from "../../values.ts"

export const upload: Operation = {
  value: "upload",
  name: "Upload",
  action: "Upload a file",
  description: "Bring a file to Scenario, from a binary field or from a URL",
  fields: [
    {
      displayName: "File",
      name: "file",
      type: "string",
      default: "data",
      required: true,
      hint: "The name of the binary field that holds the file, or a URL that Scenario can fetch",
    },
    optionsField([
      {
        displayName: "Collection IDs",
        name: "collectionIds",
        type: "string",
        default: "",
        description: "Collections to put it into, comma-separated",
      },
      {
        displayName: "Hide",
        name: "hide",
        type: "boolean",
        default: false,
        description: "Whether to keep the asset out of lists",
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
        description: "What the file is to become; told from the file itself where not set",
      },
    ]),
  ],
  run: Effect.fnUntraced(function* (item) {
    const uploads = yield* Uploads
    const file = yield* Effect.tryPromise({
      try: () => fileInput(item, item.parameter("file")),
      catch: (cause) =>
        cause instanceof BadParameter ? cause : new BadParameter({ message: String(cause) }),
    })
    const options = {
      kind: textOf(item.option("kind")),
      hide: item.option("hide") === true ? true : undefined,
      collectionIds: givenList(item.option("collectionIds")),
    }
    if (isLocalFile(file)) return [{ json: plainJson(yield* uploads.upload(file, options)) }]
    if (typeof file === "string" && /^https?:/i.test(file)) {
      return [{ json: plainJson(yield* uploads.importUrl(file, options)) }]
    }
    return yield* new BadParameter({
      message: "There is no file to upload. Enter the name of a binary field of the input item, or a URL.",
    })
  }),
}
