import { Models } from "@scenario-automation/core"
import { Effect } from "effect"
import type { INodeProperties } from "n8n-workflow"
import { filtersField, publicFilter, searchForField, tagsFilter } from "../fields/lists.ts"
import { modelField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { modelJson } from "../output/plainJson.ts"
import { givenList, textOf } from "../values.ts"
import { getManyOf, searchOf } from "./listing.ts"

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

const getMany = getManyOf({
  action: "Get many models",
  description: "List models to generate with",
  filters: filtersField([
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
  list: (item) => {
    const privacy = item.filter("privacy")
    return Models.useSync((models) =>
      models.list({
        privacy: privacy === "public" || privacy === "own" ? privacy : "both",
        tags: givenList(item.filter("tags")),
        type: textOf(item.filter("type")),
      }),
    )
  },
  json: modelJson,
})

const search = searchOf({
  action: "Search models",
  description: "Find models by words",
  what: searchForField("watercolour"),
  filters: filtersField([{ ...publicFilter, default: true }]),
  list: (item) =>
    Models.useSync((models) =>
      models.search(item.text("query"), { public: item.filter("public") === false ? undefined : true }),
    ),
  json: modelJson,
})

export const model: Resource = {
  value: "model",
  name: "Model",
  description: "What generations are made with",
  operations: [get, getMany, search],
  first: get,
}
