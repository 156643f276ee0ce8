import { Models } from "@scenario-automation/core"
import { Effect } from "effect"
import type { INodeProperties } from "n8n-workflow"
import { makeFiltersField, isPublic, publicFilter, makeSearchField, tagsFilter } from "../fields/lists.ts"
import { modelField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { toModelJson } from "../output/toJson.ts"
import { readChoice } from "../readValues.ts"
import { toFilledList, toText } from "../values.ts"
import { makeGetMany, makeSearch } from "./makeListing.ts"

const owner: INodeProperties = {
  displayName: "Owner",
  name: "privacy",
  type: "options",
  options: [
    { name: "Mine", value: "own" },
    { name: "Mine and Public", value: "both" },
    { name: "Public", value: "public" },
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
      (model) => [{ json: toModelJson(model) }],
    ),
}

const getMany = makeGetMany({
  action: "Get many models",
  description: "Get many models to generate with",
  filters: makeFiltersField([
    tagsFilter,
    {
      displayName: "Type",
      name: "type",
      type: "string",
      default: "",
      placeholder: "e.g. custom, flux.1-lora, sd-xl",
    },
    owner,
  ]),
  list: (item) => {
    const privacy = item.hasFilter("privacy")
      ? readChoice("Owner", item.filter("privacy"), {
          own: "Mine",
          both: "Mine and Public",
          public: "Public",
        })
      : "both"
    return Models.useSync((models) =>
      models.list({
        privacy,
        tags: toFilledList(item.filter("tags")),
        type: toText(item.filter("type")),
      }),
    )
  },
  json: toModelJson,
})

const search = makeSearch({
  action: "Search models",
  description: "Search models by name or description",
  what: makeSearchField("e.g. watercolor"),
  filters: makeFiltersField([{ ...publicFilter, default: true }]),
  list: (item) =>
    Models.useSync((models) =>
      models.search(item.text("query"), { public: isPublic(item, true) ? true : undefined }),
    ),
  json: toModelJson,
})

export const model: Resource = {
  value: "model",
  name: "Model",
  description: "Your own models and Scenario's public models",
  operations: [get, getMany, search],
  first: get,
}
