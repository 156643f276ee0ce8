import {
  type ApiError,
  endpoints,
  type InputDescriptor,
  type InvalidInput,
  type Model,
  Models,
  modesOf,
  Workflows,
} from "@scenario-automation/core"
import { Console, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { runCommand, printJson } from "../runCommand.ts"
import { toCells } from "../display/cells.ts"
import { exitCodes } from "../exitCodes.ts"
import { parseTarget } from "../readRequest.ts"
import { inputTable } from "../report/inputTable.ts"
import { table } from "../report/table.ts"

const isPublic = Flag.Boolean("public").pipe(
  Flag.withDescription("Only public models"),
  Flag.withDefault(false),
)

const search = Flag.String("search").pipe(
  Flag.withMetavar("WORDS"),
  Flag.withDescription("Only models that match these words"),
  Flag.optional,
)

const limit = flags.limit("At most this many models", 50)

const list = Command.make("list", { isPublic, search, limit, json: flags.json }, (typed) =>
  runCommand(
    { json: typed.json },
    Effect.gen(function* () {
      const models = yield* Models
      const words = Option.getOrUndefined(typed.search)
      const found = yield* Stream.runCollect(
        Stream.take(
          words === undefined
            ? models.list({ privacy: typed.isPublic ? "public" : "both" })
            : searched(models, words, typed.isPublic),
          typed.limit,
        ),
      )
      if (typed.json) yield* printJson({ models: found.map(modelJson) })
      else if (found.length === 0) yield* Console.error("No models.")
      else yield* Console.log(table(found.map(modelRow)).join("\n"))
      return exitCodes.done
    }).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("List the account's own models and the public ones"))

const searched = (
  models: Models["Service"],
  words: string,
  isPublic: boolean,
): Stream.Stream<Model, ApiError | InvalidInput> => {
  const shared = models.search(words, { public: true })
  return isPublic ? shared : Stream.concat(models.search(words), shared)
}

const modelRow = (model: Model): ReadonlyArray<string> => [
  model.modelId,
  model.name ?? "",
  model.type,
  model.privacy ?? "",
  model.isCustom === false ? `by mode: ${modesOf(model).join(", ")}` : (model.description ?? ""),
]

const modelJson = ({ modelId, ...model }: Model) => ({ id: modelId, ...model })

const get = Command.make("get", { modelId: flags.id("modelId"), json: flags.json }, ({ modelId, json }) =>
  runCommand(
    { json },
    Effect.gen(function* () {
      const models = yield* Models
      const model = yield* models.get(modelId)
      yield* json ? printJson({ model: modelJson(model) }) : Console.log(modelText(model).join("\n"))
      return exitCodes.done
    }).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Print the facts of a model"))

const modelText = (model: Model): ReadonlyArray<string> => {
  const facts: ReadonlyArray<readonly [string, string | undefined]> = [
    ["model", model.modelId],
    ["name", model.name],
    ["about", model.description],
    ["type", model.type],
    ["status", model.status],
    ["privacy", model.privacy],
    ["plan", model.minimumPlan === undefined ? undefined : `${model.minimumPlan} or higher`],
    ["modes", modesOf(model).join(", ")],
    ["tags", model.tags.join(", ")],
    [
      "run it",
      model.isCustom === false
        ? `scenario generate ${modesOf(model)[0] ?? "txt2img"} -i modelId=${model.modelId} …`
        : `scenario generate ${model.modelId} …`,
    ],
    ["inputs", model.isCustom === false ? undefined : `scenario models inputs ${model.modelId}`],
  ]
  return table(facts.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])))
}

const inputs = Command.make(
  "inputs",
  { target: flags.id("model|endpoint"), json: flags.json },
  ({ target, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const descriptors = yield* listInputs(target)
        yield* json
          ? printJson({ inputs: descriptors })
          : Console.log(inputTable(descriptors, toCells(process.stdout.columns, 110)).join("\n"))
        return exitCodes.done
      }),
    ),
).pipe(
  Command.withDescription(
    "Print the inputs of a model, an endpoint or workflow:<id>: required, type, range, default",
  ),
  Command.withExamples([
    { command: "scenario models inputs model_canvas-image-2", description: "Of a model" },
    { command: "scenario models inputs txt2img", description: "Of an endpoint; needs no key" },
  ]),
)

const listInputs = Effect.fnUntraced(function* (typed: string) {
  const target = parseTarget(typed)
  if ("endpoint" in target) return endpoints[target.endpoint].fields
  const found = yield* Effect.gen(function* () {
    if ("model" in target) return yield* Models.use((models) => models.get(target.model))
    return yield* Workflows.use((workflows) => workflows.get(target.workflow))
  }).pipe(Effect.provide(account))
  return found.inputs ?? noInputs
})

const noInputs: ReadonlyArray<InputDescriptor> = []

export const modelsCommand = Command.make("models").pipe(
  Command.withDescription("Find models, and their inputs"),
  Command.withSubcommands([list, get, inputs]),
)
