import {
  type ApiError,
  type InputDescriptor,
  type InvalidInput,
  LoraRouting,
  type Model,
  Models,
  Workflows,
} from "@scenario-automation/core"
import { endpoints, findModes, needsBase } from "@scenario-automation/core/host"
import { Console, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { runCommand, printJson } from "../runCommand.ts"
import { toCells } from "../display/cells.ts"
import { exitCodes } from "../exitCodes.ts"
import { parseTarget } from "../readRequest.ts"
import { formatInputTable } from "../report/formatInputTable.ts"
import { formatTable } from "../report/formatTable.ts"
import { findModelId } from "../withModelIds.ts"

const isPublic = Flag.Boolean("public").pipe(
  Flag.withDescription("List only public models"),
  Flag.withDefault(false),
)

const search = Flag.String("search").pipe(
  Flag.withMetavar("WORDS"),
  Flag.withDescription("List only models that match these words"),
  Flag.optional,
)

const limit = flags.limit("List at most this many models", 50)

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
            : searchModels(models, words, typed.isPublic),
          typed.limit,
        ),
      )
      if (typed.json) yield* printJson({ models: found })
      else if (found.length === 0) yield* Console.error("No models.")
      else yield* Console.log(formatTable(found.map(toModelRow)).join("\n"))
      return exitCodes.done
    }).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("List your own models and the public ones"))

const searchModels = (
  models: Models["Service"],
  words: string,
  isPublic: boolean,
): Stream.Stream<Model, ApiError | InvalidInput> => {
  const shared = models.search(words, { public: true })
  return isPublic ? shared : Stream.concat(models.search(words), shared)
}

const toModelRow = (model: Model): ReadonlyArray<string> => [
  model.modelId,
  model.name ?? "",
  model.type,
  model.privacy ?? "",
  needsMode(model) ? `by mode: ${findModes(model).join(", ")}` : (model.description ?? ""),
]

/** Whether it can be run only through the older endpoints, which are its modes. */
const needsMode = (model: Model): boolean => model.isCustom === false && !needsBase(model)

const get = Command.make(
  "get",
  { modelId: flags.id("modelId", "The ID of a model"), json: flags.json },
  ({ modelId, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const models = yield* Models
        const model = yield* models.get(modelId)
        yield* json ? printJson({ model }) : Console.log(describeModel(model).join("\n"))
        return exitCodes.done
      }).pipe(Effect.provide(account)),
    ),
).pipe(Command.withDescription("Print the details of a model"))

const describeModel = (model: Model): ReadonlyArray<string> => {
  const facts: ReadonlyArray<readonly [string, string | undefined]> = [
    ["model", model.modelId],
    ["name", model.name],
    ["about", model.description],
    ["type", model.type],
    ["status", model.status],
    ["privacy", model.privacy],
    ["plan", model.minimumPlan === undefined ? undefined : `${model.minimumPlan} or higher`],
    ["modes", findModes(model).join(", ")],
    ["tags", model.tags.join(", ")],
    [
      "run it",
      needsMode(model)
        ? `scenario generate ${findModes(model)[0] ?? "txt2img"} -i modelId=${model.modelId} …`
        : `scenario generate ${model.modelId} …`,
    ],
    ["inputs", needsMode(model) ? undefined : `scenario models inputs ${model.modelId}`],
  ]
  return formatTable(
    facts.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  )
}

const inputs = Command.make(
  "inputs",
  {
    target: flags.id("model", "A model's ID or name, workflow:<id>, or an older endpoint"),
    baseModel: flags.baseModel,
    json: flags.json,
  },
  ({ target, baseModel, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const { inputs = [], base } = yield* listInputs(target, Option.getOrUndefined(baseModel))
        if (json) yield* printJson({ baseModel: base?.modelId, inputs })
        else {
          yield* Console.log(formatInputTable(inputs, toCells(process.stdout.columns, 110)).join("\n"))
          if (base !== undefined) yield* Console.error(`It runs on ${base.modelId}. These are its inputs.`)
        }
        return exitCodes.done
      }),
    ),
).pipe(
  Command.withDescription(
    "Print the inputs of a model, an older endpoint or workflow:<id> (for a LoRA, those of its base model)",
  ),
  Command.withExamples([
    { command: "scenario models inputs model_canvas-image-2", description: "The inputs of a model" },
    {
      command: "scenario models inputs txt2img",
      description: "The inputs of an older endpoint, which needs no key",
    },
  ]),
)

const listInputs = Effect.fnUntraced(function* (typed: string, baseModel: string | undefined) {
  const target = parseTarget(typed)
  if ("endpoint" in target) {
    const described: Inputs = { inputs: endpoints[target.endpoint].fields }
    return described
  }
  const found = Effect.gen(function* (): Effect.fn.Return<Inputs, ApiError | InvalidInput, Services> {
    if ("workflow" in target) return yield* Workflows.use((workflows) => workflows.get(target.workflow))
    const routing = yield* LoraRouting
    return yield* routing.describe(yield* findModelId(target.model), {
      baseModel: baseModel === undefined ? undefined : yield* findModelId(baseModel),
    })
  })
  return yield* Effect.provide(found, account)
})

type Services = Models | Workflows | LoraRouting

interface Inputs {
  readonly inputs?: ReadonlyArray<InputDescriptor> | undefined
  /** The base model, if the target is a LoRA. */
  readonly base?: Model | undefined
}

export const modelsCommand = Command.make("models").pipe(
  Command.withDescription("Find models and list their inputs"),
  Command.withSubcommands([list, get, inputs]),
)
