import * as Predicate from "effect/Predicate"
import { type AssetPreview, readPreview } from "./Asset.ts"
import { type InputDescriptor, readInputDescriptors } from "./InputDescriptor.ts"
import { boolean, finite, makeListReader, nonEmptyText, makeObjectReader, text, textList } from "./readers.ts"

/** The lowest plan that can run a model. */
export type Plan = "Free" | "Creator" | "Pro" | "Team" | "Enterprise"

/** A model in a composition. */
export interface ModelConcept {
  readonly modelId: string
  /** -2..2 */
  readonly scale: number
  readonly modelEpoch?: string | undefined
}

/** A model of the platform, or one that the account has trained. */
export interface Model {
  readonly modelId: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** `custom`, `flux.1-lora`, `sd-xl`, … */
  readonly type: string
  /** `private`, `public` or `unlisted`. */
  readonly privacy?: string | undefined
  /** Only `trained` is ready; `new`, `training`, `copying`, `failed`, and `training-canceled` aren't. */
  readonly status?: string | undefined
  /** `civitai`, `huggingface`, `scenario`, `other`. */
  readonly source?: string | undefined
  /** What it can do: `txt2img`, `img2video`, `txt2img_ip_adapter`, … */
  readonly capabilities: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  /**
   * True if it runs by its own inputs (`/generate/custom/{modelId}`), false if it needs a mode (`txt2img`, …), absent if the
   * API doesn't say.
   */
  readonly isCustom?: boolean | undefined
  readonly minimumPlan?: Plan | undefined
  /** Its own inputs. Lists can leave them out: get the model by its ID. */
  readonly inputs?: ReadonlyArray<InputDescriptor> | undefined
  readonly parentModelId?: string | undefined
  /** The base models that a LoRA can run on. */
  readonly compliantModelIds: ReadonlyArray<string>
  readonly concepts: ReadonlyArray<ModelConcept>
  readonly collectionIds: ReadonlyArray<string>
  readonly exampleAssetIds: ReadonlyArray<string>
  readonly thumbnail?: AssetPreview | undefined
  /** 0..1 while it trains. */
  readonly trainingProgress?: number | undefined
  readonly authorId?: string | undefined
  readonly ownerId?: string | undefined
  /** ISO dates. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
}

const readWireModel = makeObjectReader({
  id: nonEmptyText,
  modelId: nonEmptyText,
  name: text,
  shortDescription: text,
  description: text,
  type: text,
  privacy: text,
  status: text,
  source: text,
  capabilities: textList,
  tags: textList,
  custom: boolean,
  accessRestrictions: finite,
  inputs: readInputDescriptors,
  parentModelId: text,
  compliantModelIds: textList,
  concepts: makeListReader(makeObjectReader({ modelEpoch: text }, { modelId: text, scale: finite })),
  collectionIds: textList,
  exampleAssetIds: textList,
  thumbnail: readPreview,
  trainingProgress: makeObjectReader({ progress: finite }),
  authorId: text,
  userId: text,
  ownerId: text,
  createdAt: text,
  updatedAt: text,
})

/** Reads a model; `undefined` if it has no ID. */
export const readModel = (body: unknown): Model | undefined => {
  const wire = readWireModel(body)
  const modelId = wire?.id ?? wire?.modelId
  if (wire === undefined || modelId === undefined) return undefined
  return {
    modelId,
    name: wire.name,
    description: wire.shortDescription ?? wire.description,
    type: wire.type ?? "unknown",
    privacy: wire.privacy,
    status: wire.status,
    source: wire.source,
    capabilities: wire.capabilities ?? [],
    tags: wire.tags ?? [],
    isCustom: wire.custom,
    minimumPlan: toPlan(wire.accessRestrictions),
    inputs: wire.inputs,
    parentModelId: wire.parentModelId,
    compliantModelIds: wire.compliantModelIds ?? [],
    concepts: wire.concepts ?? [],
    collectionIds: wire.collectionIds ?? [],
    exampleAssetIds: wire.exampleAssetIds ?? [],
    thumbnail: wire.thumbnail,
    trainingProgress: wire.trainingProgress?.progress,
    authorId: wire.authorId ?? wire.userId,
    ownerId: wire.ownerId,
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
  }
}

/** Reads the `{ model }` of `GET /models/{modelId}`. */
export const readModelResponse = (body: unknown): Model | undefined =>
  Predicate.hasProperty(body, "model") ? readModel(body.model) : undefined

const plans: ReadonlyArray<readonly [restriction: number, plan: Plan]> = [
  [100, "Enterprise"],
  [75, "Team"],
  [50, "Pro"],
  [25, "Creator"],
  [0, "Free"],
]

/** `accessRestrictions` is the number of the lowest plan: 0, 25, 50, 75, or 100. Others count as the plan below. */
const toPlan = (restriction: number | undefined): Plan | undefined =>
  restriction === undefined ? undefined : plans.find(([least]) => restriction >= least)?.[1]
