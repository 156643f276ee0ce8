import { Models } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { INodeProperties } from "n8n-workflow"
import { filtersField, limitFields, tagsFilter } from "../fields/lists.ts"
import { modelField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { collect } from "../output/collect.ts"
import { modelJson } from "../output/plainJson.ts"
import { givenList, textOf } from "../values.ts"

const whose: INodeProperties = {
  displayName: "Whose",
  name: "privacy",
  type: "options",
  options: [
    { name: "Everybody's", value: "public" },
    { name: "My Own", value: "own" },
    { name: "My Own, Then Everybody's", value: "both" },
  ],
  default: "both",
}

const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get a model",
  description: "Get a model with its inputs",
  fields: [modelField],
  run: (item) =>
    Effect.map(
      Models.use((models) => models.get(item.text("modelId"))),
      (model) => [{ json: modelJson(model) }],
    ),
}

const getMany: Operation = {
  value: "getMany",
  name: "Get Many",
  action: "Get many models",
  description: "List models to generate with",
  fields: [
    ...limitFields,
    filtersField([
      tagsFilter,
      {
        displayName: "Type",
        name: "type",
        type: "string",
        default: "",
        placeholder: "custom, flux.1-lora, sd-xl",
      },
      whose,
    ]),
  ],
  run: (item) => {
    const privacy = item.filter("privacy")
    return collect(
      item,
      Stream.unwrap(
        Models.useSync((models) =>
          models.list({
            privacy: privacy === "public" || privacy === "own" ? privacy : "both",
            tags: givenList(item.filter("tags")),
            type: textOf(item.filter("type")),
          }),
        ),
      ),
      modelJson,
    )
  },
}

const search: Operation = {
  value: "search",
  name: "Search",
  action: "Search models",
  description: "Find models by words",
  fields: [
    {
      displayName: "Search For",
      name: "query",
      type: "string",
      default: "",
      required: true,
      placeholder: "watercolour",
    },
    ...limitFields,
    filtersField([
      {
        displayName: "Public",
        name: "public",
        type: "boolean",
        default: true,
        description: "Whether to search everybody's models instead of your own",
      },
    ]),
  ],
  run: (item) =>
    collect(
      item,
      Stream.unwrap(
        Models.useSync((models) =>
          models.search(item.text("query"), { public: item.filter("public") === false ? undefined : true }),
        ),
      ),
      modelJson,
    ),
}

export const model: Resource = {
  value: "model",
  name: "Model",
  description: "What generations are made with",
  operations: [get, getMany, search],
  first: get,
}
