import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { Models } from "../account/Models.ts"
import { Uploads } from "../account/Uploads.ts"
import { Workflows } from "../account/Workflows.ts"
import { type ApiError, InvalidInput, type UploadFailed } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { findClosestName } from "./findClosestName.ts"
import { endpointNames, endpoints } from "./EndpointTable.ts"
import { findLoraIssue } from "./fillLoras.ts"
import {
  type GenerationRequest,
  getRequestMethod,
  getRequestPath,
  findRequestIssue,
} from "./GenerationRequest.ts"
import { isLocalFile } from "../account/LocalFile.ts"
import type { InputFile } from "./CheckContext.ts"
import { checkInputs, insertAssetIds } from "./checkInputs.ts"
import { LoraRouting } from "./LoraRouting.ts"
import { DurationHistory } from "../durations/DurationHistory.ts"

/** A checked request, with asset IDs instead of files: what is sent. */
export interface PreparedRequest {
  readonly request: GenerationRequest
  readonly call: ApiCall & { readonly body: Readonly<Record<string, unknown>> }
  /** Its possible inputs; `undefined` if the API doesn't describe them. */
  readonly descriptors: ReadonlyArray<InputDescriptor> | undefined
}

/** How preparing a request can fail. Nothing was spent by then. */
export type PreparationError = InvalidInput | UploadFailed | ApiError

type Requirements = Models | Workflows | Uploads | LoraRouting | DurationHistory

/** A request and the inputs that it is checked against. */
interface Subject {
  /** For a LoRA, the request to its base. */
  readonly request: GenerationRequest
  /** With the LoRAs filled in. */
  readonly inputs: object
  /** The caller's name for an input that was filled in. */
  readonly paths?: Readonly<Record<string, string>>
  /** The inputs that the request may have; `undefined` if the API doesn't describe them. */
  readonly descriptors: ReadonlyArray<InputDescriptor> | undefined
}

/** Checks a request against the schema of what it runs, and uploads its files. */
export class Preparation extends Context.Service<
  Preparation,
  {
    prepare(request: GenerationRequest): Effect.Effect<PreparedRequest, PreparationError>
  }
>()("@scenario-automation/core/Preparation") {
  /** @internal */
  static readonly layer: Layer.Layer<Preparation, never, Requirements> = Layer.effect(
    Preparation,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const models = yield* Models
  const workflows = yield* Workflows
  const uploads = yield* Uploads
  const routing = yield* LoraRouting
  const history = yield* DurationHistory

  const findSubject = Effect.fnUntraced(function* (request: GenerationRequest) {
    const { inputs } = request
    const plain = (descriptors: Subject["descriptors"]): Subject => ({ request, inputs, descriptors })
    if (request.endpoint !== undefined) return plain(endpoints[request.endpoint].fields)
    if (request.workflow !== undefined) return plain((yield* workflows.get(request.workflow)).inputs)
    const named = yield* models.get(request.model).pipe(Effect.mapError(suggestEndpoint(request.model)))
    const { model, ...routed } = yield* routing.route(request, named)
    history.recognize(model)
    const { modelId, inputs: descriptors } = model
    const subject: Subject = { ...routed, request: { ...request, model: modelId }, descriptors }
    return subject
  })

  const check = ({ request, inputs, paths = {}, descriptors }: Subject) => {
    const checked = checkInputs(descriptors ?? [], inputs, {
      allowUnknown: request.allowUnknownInputs === true || descriptors === undefined,
    })
    if (Result.isSuccess(checked)) return Effect.succeed(checked.success)
    const issues = checked.failure.map((issue) => ({ ...issue, path: paths[issue.path] ?? issue.path }))
    return Effect.fail(new InvalidInput({ issues }))
  }

  const uploadFile = ({ value, kind }: InputFile) =>
    Effect.map(
      isLocalFile(value) ? uploads.upload(value, { kind }) : uploads.importUrl(value, { kind }),
      ({ assetId }) => assetId,
    )

  const prepare = Effect.fn("scenario.prepare")(function* (given: GenerationRequest) {
    const issue = findRequestIssue(given) ?? findLoraIssue(given)
    if (issue !== undefined) return yield* new InvalidInput({ issues: [issue] })
    const subject = yield* findSubject(given)
    const { request, descriptors } = subject
    const { body, files } = yield* check(subject)
    const assetIds = yield* Effect.forEach(files, uploadFile, { concurrency: 3 })
    const prepared: PreparedRequest = {
      request,
      call: {
        method: getRequestMethod(request),
        path: getRequestPath(request),
        body: insertAssetIds({ body, files }, assetIds),
        purpose: "submit",
      },
      descriptors,
    }
    return prepared
  })

  return Preparation.of({ prepare })
})

/** An unknown model can be an endpoint whose name was misspelled. */
const suggestEndpoint =
  (modelId: string) =>
  (error: ApiError | InvalidInput): ApiError | InvalidInput => {
    const closest = findClosestName(modelId, endpointNames)
    if (error._tag !== "ApiError" || error.reason._tag !== "NotFound" || closest === undefined) return error
    const message = `Scenario has no model ${modelId}. Did you mean the endpoint \`${closest}\`?`
    return new InvalidInput({ issues: [{ path: "model", message }] })
  }
