import { Context, Effect, Layer, Result } from "effect"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { Models } from "../account/Models.ts"
import { Uploads } from "../account/Uploads.ts"
import { Workflows } from "../account/Workflows.ts"
import { type ApiError, InvalidInput, type UploadFailed } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { closestName } from "./closestName.ts"
import { endpointNames, endpoints } from "./EndpointTable.ts"
import { modeIssue } from "./GenerationMode.ts"
import { type GenerationRequest, methodOf, pathOf, requestIssue } from "./GenerationRequest.ts"
import { isLocalFile } from "../account/LocalFile.ts"
import type { FilePlace } from "./InputCheck.ts"
import { checkInputs, withAssetIds } from "./ModelInputs.ts"
import { DurationHistory } from "../durations/DurationHistory.ts"

/** A request that was found right, with its files in place: what goes over the wire. */
export interface PreparedRequest {
  readonly request: GenerationRequest
  readonly call: ApiCall & { readonly body: Readonly<Record<string, unknown>> }
  /** The inputs that it may have; `undefined` if the API doesn't describe them. */
  readonly descriptors: ReadonlyArray<InputDescriptor> | undefined
}

/** Everything in which preparing a request can end but success. Nothing was spent by then. */
export type PreparationError = InvalidInput | UploadFailed | ApiError

/** A model that nobody knows may be an endpoint whose name was misspelt. */
const orMisspelt =
  (modelId: string) =>
  (error: ApiError | InvalidInput): ApiError | InvalidInput => {
    const closest = closestName(modelId, endpointNames)
    if (error._tag !== "ApiError" || error.reason._tag !== "NotFound" || closest === undefined) return error
    const expected = `the id of a model that Scenario knows (did you mean the endpoint ${closest}?)`
    return new InvalidInput({ issues: [{ path: "model", expected, got: modelId }] })
  }

type Requirements = Models | Workflows | Uploads | DurationHistory

/** Checks a request against the schema that it will be run by, and brings its files to Scenario. */
export class Preparation extends Context.Service<
  Preparation,
  {
    prepare(request: GenerationRequest): Effect.Effect<PreparedRequest, PreparationError>
  }
>()("@scenario-automation/core/Preparation") {
  static readonly layer: Layer.Layer<Preparation, never, Requirements> = Layer.effect(
    Preparation,
    Effect.gen(function* () {
      const models = yield* Models
      const workflows = yield* Workflows
      const uploads = yield* Uploads
      const history = yield* DurationHistory

      /** The inputs that the request may have; `undefined` where the API does not describe them. */
      const descriptorsOf = Effect.fnUntraced(function* (request: GenerationRequest) {
        if ("endpoint" in request) return endpoints[request.endpoint].fields
        if ("workflow" in request) return (yield* workflows.get(request.workflow)).inputs
        const model = yield* models.get(request.model).pipe(Effect.mapError(orMisspelt(request.model)))
        history.recognize(model)
        const issue = modeIssue(model)
        if (issue !== undefined) return yield* new InvalidInput({ issues: [issue] })
        return model.inputs
      })

      const check = (request: GenerationRequest, descriptors: ReadonlyArray<InputDescriptor> | undefined) => {
        const checked = checkInputs(descriptors ?? [], request.inputs, {
          allowUnknown: request.allowUnknownInputs === true || descriptors === undefined,
        })
        return Result.isSuccess(checked)
          ? Effect.succeed(checked.success)
          : Effect.fail(new InvalidInput({ issues: checked.failure }))
      }

      const assetIdOf = ({ value, kind }: FilePlace) =>
        Effect.map(
          isLocalFile(value) ? uploads.upload(value, { kind }) : uploads.importUrl(value, { kind }),
          ({ assetId }) => assetId,
        )

      const prepare = Effect.fn("Preparation.prepare")(function* (request: GenerationRequest) {
        const issue = requestIssue(request)
        if (issue !== undefined) return yield* new InvalidInput({ issues: [issue] })
        const descriptors = yield* descriptorsOf(request)
        const { body, files } = yield* check(request, descriptors)
        const assetIds = yield* Effect.forEach(files, assetIdOf, { concurrency: 3 })
        const prepared: PreparedRequest = {
          request,
          call: {
            method: methodOf(request),
            path: pathOf(request),
            body: withAssetIds({ body, files }, assetIds),
            purpose: "submit",
          },
          descriptors,
        }
        return prepared
      })

      return Preparation.of({ prepare })
    }),
  )
}
