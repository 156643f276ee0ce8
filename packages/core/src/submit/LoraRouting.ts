import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { Model } from "../api/Model.ts"
import { Models } from "../account/Models.ts"
import { type ApiError, type InputIssue, InvalidInput } from "../errors.ts"
import { describeModel, findDocumentedBase, findInput, findSlot, mayRun, needsBase } from "./baseModels.ts"
import { fillLoras, listNamed, type NamedModel, type PickedModel } from "./fillLoras.ts"
import { modeIssue, findModes } from "./GenerationMode.ts"
import type { ModelRequest } from "./GenerationRequest.ts"

/** A model, and what a request that names it takes. */
export interface RunnableModel {
  readonly model: Model
  /** The base that runs it, if the model is a LoRA or a composition. */
  readonly base: Model | undefined
  /** What `inputs` of the request takes: a base's without those that hold LoRAs. Absent if the API doesn't say. */
  readonly inputs: ReadonlyArray<InputDescriptor> | undefined
  /** What `loras` of the request takes: `modelTypes`, and `maxLength` of them with the model itself. Absent: none. */
  readonly loras: InputDescriptor | undefined
  /** What a strength may be: `min`, `max`, `step`. Absent: the model takes none. */
  readonly strength: InputDescriptor | undefined
}

/** A request as it goes over the wire. */
export interface RoutedRequest {
  /** The model that is called. */
  readonly model: Model
  readonly inputs: object
  /** What the caller calls a place that was filled in. */
  readonly paths: Readonly<Record<string, string>>
}

type Errors = ApiError | InvalidInput

/** Runs LoRAs and compositions on their base models: the API refuses them as models by themselves. */
export class LoraRouting extends Context.Service<
  LoraRouting,
  {
    /** What a request for this model takes. A form for a LoRA shows its base's inputs. */
    describe(
      modelId: string,
      options?: { readonly baseModel?: string | undefined },
    ): Effect.Effect<RunnableModel, Errors>
    /** The request to the model, or to its base with the LoRAs filled in. All families are checked; nothing is paid. */
    route(request: ModelRequest, model: Model): Effect.Effect<RoutedRequest, Errors>
  }
>()("@scenario-automation/core/LoraRouting") {
  static readonly layer: Layer.Layer<LoraRouting, never, Models> = Layer.effect(
    LoraRouting,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const models = yield* Models
  /** Bases that were found, by the LoRA's id. */
  const found = new Map<string, string>()

  const getIfKnown = (modelId: string) =>
    models.get(modelId).pipe(Effect.catchIf(isAbsent, () => Effect.succeed(undefined)))

  /** The first base that may run the model. `isRelated`: the model was named by another LoRA. */
  const findBase = Effect.fnUntraced(function* (
    model: Model,
    isRelated = false,
  ): Effect.fn.Return<Model | undefined, Errors> {
    const { compliantModelIds, concepts, parentModelId, type } = model
    const documented = findDocumentedBase(type)
    const candidates = [
      ...compliantModelIds,
      ...concepts.map((concept) => concept.modelId),
      documented,
      parentModelId,
    ]
    for (const modelId of new Set(candidates)) {
      const named =
        modelId === undefined || modelId === model.modelId ? undefined : yield* getIfKnown(modelId)
      if (named === undefined) continue
      const base = isRelated || !needsBase(named) ? named : yield* findBase(named, true)
      const slot = base && findSlot(base, model)
      if (slot?.isProven === true || (slot !== undefined && modelId !== parentModelId)) return base
    }
    return undefined
  })

  const getBase = Effect.fnUntraced(function* (model: Model, baseModel: string | undefined) {
    const known = baseModel ?? found.get(model.modelId)
    if (known !== undefined) {
      const chosen = yield* models.get(known)
      if (findSlot(chosen, model) !== undefined) return chosen
      const message = `${describeModel(chosen)} can't run ${describeModel(model)}. Choose another base model.`
      return yield* refuse({ path: "baseModel", message })
    }
    const base = yield* findBase(model)
    if (base === undefined) return yield* noBase(model, yield* listBases(model))
    found.set(model.modelId, base.modelId)
    return base
  })

  const listBases = (model: Model) =>
    models.list({ privacy: "public", pageSize: 500 }).pipe(
      Stream.take(2_000),
      Stream.filter((listed) => mayRun(listed, model)),
      Stream.take(12),
      Stream.runCollect,
      Effect.orElseSucceed((): ReadonlyArray<Model> => []),
    )

  /** A LoRA, ready to run. What an earlier read has shown in training may be trained by now. */
  const getTrained = Effect.fnUntraced(function* ({ modelId, path }: NamedModel) {
    const read = yield* models.get(modelId)
    const model = isTrained(read) ? read : yield* models.get(modelId, { fresh: true })
    if (isTrained(model)) return model
    const message = `${describeModel(model)} isn't trained: its status is ${model.status}. Choose a trained model.`
    return yield* refuse({ path, message })
  })

  const describe = Effect.fn("LoraRouting.describe")(function* (
    modelId: string,
    { baseModel }: { readonly baseModel?: string | undefined } = {},
  ) {
    const model = yield* models.get(modelId)
    const base = needsBase(model) ? yield* getBase(model, baseModel) : undefined
    const runner = base ?? model
    const slot = base && findSlot(base, model)?.slot
    const hasList = slot !== "modelId" && runner.isCustom !== false
    const described: RunnableModel = {
      model,
      base,
      inputs: base === undefined ? model.inputs : base.inputs?.filter(({ name }) => !filledNames.has(name)),
      loras: hasList ? findInput(runner, "loras") : undefined,
      strength: hasList ? findInput(runner, "lorasScale") : undefined,
    }
    return described
  })

  const route = Effect.fn("LoraRouting.route")(function* (request: ModelRequest, model: Model) {
    const { baseModel, inputs } = request
    const isPicked = needsBase(model)
    const issue = isPicked ? undefined : (modeIssue(model) ?? findUselessOption(request))
    if (issue !== undefined) return yield* refuse(issue)
    if (!isPicked && (request.loras ?? []).length === 0) return { model, inputs, paths: {} }
    const named = listNamed(request, isPicked)
    if ("message" in named) return yield* refuse(named)
    const picked = yield* Effect.forEach(named, (one) =>
      Effect.map(getTrained(one), (trained): PickedModel => ({ ...one, model: trained })),
    )
    const base = isPicked ? yield* getBase(model, baseModel) : model
    const filled = fillLoras(base, picked, inputs)
    return "inputs" in filled ? { model: base, ...filled } : yield* refuse(filled)
  })

  return LoraRouting.of({ describe, route })
})

/** Inputs of a base that this library fills in. */
const filledNames: ReadonlySet<string> = new Set(["modelId", "loras", "lorasScale"])

const isTrained = ({ status = "trained" }: Model): boolean => status === "trained"

const isAbsent = (error: Errors): boolean =>
  error._tag === "InvalidInput" || error.reason._tag === "NotFound" || error.reason._tag === "Forbidden"

const refuse = (issue: InputIssue) => Effect.fail(new InvalidInput({ issues: [issue] }))

/** Options of a LoRA for a model that isn't one. */
const findUselessOption = ({ model, strength, baseModel }: ModelRequest): InputIssue | undefined => {
  if ((strength ?? baseModel) === undefined) return undefined
  const path = strength === undefined ? "baseModel" : "strength"
  return { path, message: `Only a LoRA takes this, and ${model} isn't one. Remove it.` }
}

const noBase = (model: Model, bases: ReadonlyArray<Model>) => {
  const listed = bases.map(({ modelId }) => modelId).join(", ")
  const modes = findModes(model)
  const advice =
    listed === ""
      ? "Pass the ID of a base model that runs it; no public one is known."
      : `Pass the ID of a base model that runs it, such as the public ${listed}.`
  const orMode = modes.length === 0 ? "" : ` Or pass one of its endpoints: ${modes.join(", ")}.`
  return refuse({
    path: "baseModel",
    message: `Scenario names no base model for ${describeModel(model)}. ${advice}${orMode}`,
  })
}
