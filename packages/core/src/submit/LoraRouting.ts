import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import type { Model } from "../api/Model.ts"
import { Models } from "../account/Models.ts"
import { type ApiError, type InputIssue, InvalidInput } from "../errors.ts"
import { describeModel, findDocumentedBase, findInput, findSlot, mayRun, needsBase } from "./baseModels.ts"
import { fillLoras, listNamed, type NamedModel, type TrainedModel } from "./fillLoras.ts"
import { findModeIssue, findModes } from "./GenerationMode.ts"
import type { ModelRequest } from "./GenerationRequest.ts"

/** A model, and the inputs of a request for it. */
export interface RunnableModel {
  readonly model: Model
  /** The base model, if the model is a LoRA or a composition. */
  readonly base: Model | undefined
  /** The inputs. For a base, without those for LoRAs. Absent if the API doesn't say. */
  readonly inputs: ReadonlyArray<InputDescriptor> | undefined
  /** What `loras` of the request accepts: `modelTypes`, and `maxLength`, which counts the model itself. Absent if it accepts none. */
  readonly loras: InputDescriptor | undefined
  /** The bounds of a strength: `min`, `max`, `step`. Absent if the model accepts no strength. */
  readonly strength: InputDescriptor | undefined
}

/** A request to the model that runs. */
export interface RoutedRequest {
  /** The model that runs. */
  readonly model: Model
  readonly inputs: object
  /** The caller's name for an input that was filled in. */
  readonly paths: Readonly<Record<string, string>>
}

/** Runs LoRAs and compositions on their base models, because the API rejects them by themselves. */
export class LoraRouting extends Context.Service<
  LoraRouting,
  {
    /** Describes the inputs of a request for this model. For a LoRA, those of its base. */
    describe(
      modelId: string,
      options?: { readonly baseModel?: string | undefined },
    ): Effect.Effect<RunnableModel, ApiError | InvalidInput>
    /** Returns the request to the model, or to its base with the LoRAs filled in. It checks that they fit; nothing is paid. */
    route(request: ModelRequest, model: Model): Effect.Effect<RoutedRequest, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/LoraRouting") {
  /** @internal */
  static readonly layer: Layer.Layer<LoraRouting, never, Models> = Layer.effect(
    LoraRouting,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const models = yield* Models
  /** The bases that were found, by the LoRA's ID. */
  const found = new Map<string, string>()

  const getIfKnown = (modelId: string) =>
    models.get(modelId).pipe(Effect.catchIf(isAbsent, () => Effect.succeed(undefined)))

  /** Finds the first base that can run the model. `isRelated` if another LoRA names the model. */
  const findBase = Effect.fnUntraced(function* (
    model: Model,
    isRelated = false,
  ): Effect.fn.Return<Model | undefined, ApiError | InvalidInput> {
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
    if (base === undefined) return yield* failWithoutBase(model, yield* listBases(model))
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

  /** Gets a LoRA that can run. If an earlier read showed it in training, it reads it again. */
  const getTrained = Effect.fnUntraced(function* ({ modelId, path }: NamedModel) {
    const read = yield* models.get(modelId)
    const model = isTrained(read) ? read : yield* models.get(modelId, { fresh: true })
    if (isTrained(model)) return model
    const message = `${describeModel(model)} isn't trained: its status is ${model.status}. Choose a trained model.`
    return yield* refuse({ path, message })
  })

  const describe = Effect.fn("scenario.models.describe")(function* (
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

  const route = Effect.fn("scenario.models.route")(function* (request: ModelRequest, model: Model) {
    const { baseModel, inputs } = request
    const runsOnBase = needsBase(model)
    const issue = runsOnBase ? undefined : (findModeIssue(model) ?? findUselessOption(request))
    if (issue !== undefined) return yield* refuse(issue)
    if (!runsOnBase && (request.loras ?? []).length === 0) return { model, inputs, paths: {} }
    const named = listNamed(request, runsOnBase)
    if ("message" in named) return yield* refuse(named)
    const loras = yield* Effect.forEach(named, (one) =>
      Effect.map(getTrained(one), (trained): TrainedModel => ({ ...one, model: trained })),
    )
    const base = runsOnBase ? yield* getBase(model, baseModel) : model
    const filled = fillLoras(base, loras, inputs)
    return "inputs" in filled ? { model: base, ...filled } : yield* refuse(filled)
  })

  return LoraRouting.of({ describe, route })
})

/** The inputs of a base that the library fills in. */
const filledNames: ReadonlySet<string> = new Set(["modelId", "loras", "lorasScale"])

const isTrained = ({ status = "trained" }: Model): boolean => status === "trained"

const isAbsent = (error: ApiError | InvalidInput): boolean =>
  error._tag === "InvalidInput" || error.reason._tag === "NotFound" || error.reason._tag === "Forbidden"

const refuse = (issue: InputIssue) => Effect.fail(new InvalidInput({ issues: [issue] }))

/** Options of a LoRA for a model that isn't one. */
const findUselessOption = ({ model, strength, baseModel }: ModelRequest): InputIssue | undefined => {
  if ((strength ?? baseModel) === undefined) return undefined
  const path = strength === undefined ? "baseModel" : "strength"
  return { path, message: `Only a LoRA accepts this, and ${model} isn't a LoRA. Remove it.` }
}

const failWithoutBase = (model: Model, bases: ReadonlyArray<Model>) => {
  const listed = bases.map(({ modelId }) => modelId).join(", ")
  const modes = findModes(model)
  const advice =
    listed === ""
      ? "Pass the ID of a base model that runs it; no public one is known."
      : `Pass the ID of a base model that runs it, such as the public ${listed}.`
  const orMode = modes.length === 0 ? "" : ` Or pass one of its endpoints: ${modes.join(", ")}.`
  return refuse({
    path: "baseModel",
    message: `Scenario lists no base model for ${describeModel(model)}. ${advice}${orMode}`,
  })
}
