import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { Asset } from "./api/Asset.ts"
import type { JobOrId } from "./api/Job.ts"
import type { LocalFile } from "./account/LocalFile.ts"
import { checkValue } from "./checkArguments.ts"
import { checkSettings, withEnvironment } from "./checkSettings.ts"
import { Downloads } from "./deliver/Downloads.ts"
import { save, saveAll, type SavedFile } from "./deliver/node/save.ts"
import { generate, type Generated, type GenerateOptions, resume } from "./generate.ts"
import { loggedFetch } from "./http/loggedFetch.ts"
import {
  type DownloadCallOptions,
  type GenerateCallOptions,
  inMillis,
  type ReconcileCallOptions,
  type ResolveCallOptions,
  type SaveCallOptions,
  type SubmitCallOptions,
  submitKinds,
  toDownloadOptions,
  toSaveOptions,
  toSubmitOptions,
  toWaitOptions,
  waitKinds,
  type WaitCallOptions,
} from "./promise/callOptions.ts"
import {
  checkAsset,
  checkCall,
  checkFolder,
  checkOptions,
  checkSettingNames,
  refuse,
} from "./promise/checkOptions.ts"
import { noteAwaitedJob, noteJob } from "./promise/noteJob.ts"
import { fromFileUrl } from "./promise/node/toInputFile.ts"
import { type AnyRequest, toRequest } from "./promise/node/toRequest.ts"
import { makePromiseAccount, type PromiseAccount } from "./promise/PromiseAccount.ts"
import { type CallOptions, PromiseRuntime } from "./promise/PromiseRuntime.ts"
import { Assets } from "./resolve/Assets.ts"
import { Scenario as ScenarioServices } from "./Scenario.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"
import type { AccountSettings } from "./ScenarioSettings.ts"
import type { PriceOptions } from "./submit/DryRuns.ts"
import { Generations } from "./submit/Generations.ts"
import { localFile } from "./submit/node/localFile.ts"
import type { Reconciled } from "./submit/Reconciliation.ts"
import type { Submission } from "./submit/Submission.ts"
import type { SubmitIntent } from "./submit/SubmitIntent.ts"
import type { FinishedJob } from "./FinishedJob.ts"
import { type CancelOutcome, Jobs } from "./watch/Jobs.ts"
import type { JobUpdate } from "./watch/JobUpdate.ts"

export * from "./errors.ts"
export type { AssetListOptions } from "./account/AssetLibrary.ts"
export type { DateFilters } from "./account/DateFilters.ts"
export type { FileValue } from "./account/fileValue.ts"
export type { JobListOptions } from "./account/JobList.ts"
export type { FileAsStream, FileInMemory, FileInput, LocalFile } from "./account/LocalFile.ts"
export type { ModelListOptions } from "./account/Models.ts"
export type { SearchOptions } from "./account/searchHits.ts"
export type { UploadedFile, UploadProperties } from "./account/Uploads.ts"
export type { UsageOptions } from "./account/Usage.ts"
export type { WorkflowListOptions } from "./account/Workflows.ts"
export type { Asset, AssetPreview } from "./api/Asset.ts"
export type { AssetKind } from "./api/assetKinds.ts"
export type { Collection } from "./api/Collection.ts"
export type { InputDescriptor, InputRequirement, InputType } from "./api/InputDescriptor.ts"
export type { IpDetection } from "./api/IpDetection.ts"
export type { Job, JobOrId, JobRef, JobStatus, JobStatusChange, JobStep, StoredJobRef } from "./api/Job.ts"
export type { Model, ModelConcept, Plan } from "./api/Model.ts"
export type { Upload, UploadPart } from "./api/Upload.ts"
export type { Activity, Consumption, UsageReport, UsageSeries } from "./api/Usage.ts"
export type { Workflow, WorkflowNode } from "./api/Workflow.ts"
export type { NameTemplate, NamingContext } from "./deliver/FileName.ts"
export type { RenditionOptions } from "./deliver/FileReader.ts"
export type { Rendition } from "./deliver/rendition.ts"
export type { NamingOptions, SavedFile } from "./deliver/node/save.ts"
export type { OutputKind } from "./durations/outputKind.ts"
export type { Generated } from "./generate.ts"
export type {
  DownloadCallOptions,
  GenerateCallOptions,
  ReconcileCallOptions,
  ResolveCallOptions,
  SaveCallOptions,
  SubmitCallOptions,
  WaitCallOptions,
} from "./promise/callOptions.ts"
export { CallAborted } from "./promise/CallAborted.ts"
export type { FileStream } from "./promise/node/toInputFile.ts"
export type { AnyFile, AnyRequest, WithAnyFile } from "./promise/node/toRequest.ts"
export type { PromiseAccount, UploadCallOptions } from "./promise/PromiseAccount.ts"
export type { CallOptions } from "./promise/PromiseRuntime.ts"
export type { AssetFormat, AssetLink } from "./resolve/Assets.ts"
export { findPrimary, type PrimaryHints } from "./resolve/findPrimary.ts"
export type { SubmitWait } from "./submit/Ceilings.ts"
export type { PriceOptions } from "./submit/DryRuns.ts"
export type * from "./submit/endpoints/inputs.ts"
export type { EndpointInputs, EndpointName } from "./submit/EndpointTable.ts"
export {
  type EndpointRequest,
  type GenerationRequest,
  type GenerationTarget,
  type Inputs,
  type InputValue,
  type LoraChoice,
  type LoraOptions,
  type ModelRequest,
  requestFor,
  type RequestOptions,
  type WorkflowRequest,
} from "./submit/GenerationRequest.ts"
export type { InlineResult, Segment } from "./submit/InlineResult.ts"
export type { RunnableModel } from "./submit/LoraRouting.ts"
export type { Reconciled } from "./submit/Reconciliation.ts"
export type { Submission } from "./submit/Submission.ts"
export type { SubmitIntent } from "./submit/SubmitIntent.ts"
export type { AccountSettings } from "./ScenarioSettings.ts"
export { thumbnailUrl } from "./thumbnailUrl.ts"
export type { FinishedJob } from "./FinishedJob.ts"
export type { CancelOutcome } from "./watch/Jobs.ts"
export type { JobUpdate } from "./watch/JobUpdate.ts"

/** The settings of an account. Those that are left out are read from the environment, as `ScenarioConfig.fromEnv` does. */
export interface ScenarioOptions extends Omit<AccountSettings, "auth" | "requestsInFlight"> {
  /** Default: `SCENARIO_SDK_API_KEY` of the environment. */
  readonly apiKey?: string | undefined
  /** Default: `SCENARIO_SDK_API_SECRET` of the environment. */
  readonly apiSecret?: string | undefined
  /** Sends all requests. It must honor `redirect: "manual"`. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * One account. Create it once, because its calls share a request budget and a watcher. If an argument is wrong, a call rejects
 * with `InvalidInput` before anything is sent.
 */
export interface Scenario extends PromiseAccount, AsyncDisposable {
  /**
   * Gets the price in compute units. With `ipDetection`, this call is already charged for the detection.
   *
   * @example
   * ```ts
   * const units = await scenario.estimate({
   *   model: "model_openai-gpt-image-2",
   *   inputs: { prompt: "a red house" },
   * })
   * ```
   */
  estimate(request: AnyRequest, options?: CallOptions & PriceOptions): Promise<number>
  /**
   * Submits a generation once. Store `job`: with it, any process can wait for the result.
   *
   * @example
   * ```ts
   * const { job, cost } = await scenario.submit(
   *   { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } },
   *   { maxCost: 20, onSending: (intent) => console.log("store", intent) },
   * )
   * ```
   */
  submit(request: AnyRequest, options?: SubmitCallOptions): Promise<Submission>
  /**
   * Searches for the job of an intent among all jobs since its `notBefore`. The intent can come from another process. Rejects if
   * the jobs can't be listed. A job is listed within a minute, so only a search of 90 seconds can rule it out.
   *
   * @example
   * ```ts
   * const { submission, candidates, isComplete } = await scenario.reconcile(intent, { timeoutMs: 90_000 })
   * if (submission !== undefined) await scenario.resume(submission)
   * else if (isComplete && candidates.length === 0) console.log("It was never accepted. Submit it again.")
   * ```
   */
  reconcile(intent: SubmitIntent, options?: ReconcileCallOptions): Promise<Reconciled>
  /**
   * Yields each change of a job until it has succeeded.
   *
   * @example
   * ```ts
   * for await (const update of scenario.watch("job_1", { timeoutMs: 600_000 })) {
   *   if (update._tag === "JobProgressed") console.log(update.progress)
   * }
   * ```
   */
  watch(
    job: JobOrId,
    options?: Pick<WaitCallOptions, "timeoutMs" | "signal">,
  ): AsyncIterableIterator<JobUpdate>
  /**
   * Waits until a job has succeeded.
   *
   * @example
   * ```ts
   * const { job, assetIds } = await scenario.waitFor("job_1", {
   *   timeoutMs: 600_000,
   *   onUpdate: (update) => console.log(update._tag),
   * })
   * ```
   */
  waitFor(job: JobOrId, options?: WaitCallOptions): Promise<FinishedJob>
  /**
   * Asks Scenario to stop a job. Today, only inference jobs can be stopped. The others continue, and are charged.
   *
   * @example
   * ```ts
   * if ((await scenario.cancel("job_1")) === "not-permitted") console.log("The job continues.")
   * ```
   */
  cancel(job: JobOrId, options?: CallOptions): Promise<CancelOutcome>
  /**
   * Gets the assets of a finished job in its order, with fresh links. If some are missing, `AssetsMissing` carries the others.
   *
   * @example
   * ```ts
   * const finished = await scenario.waitFor("job_1")
   * const assets = await scenario.resolve(finished)
   * ```
   */
  resolve(
    finished: Pick<FinishedJob, "job" | "assetIds">,
    options?: ResolveCallOptions,
  ): Promise<ReadonlyArray<Asset>>
  /**
   * Downloads the file of an asset, or of an asset ID, in chunks. It resumes if a connection breaks.
   *
   * @example
   * ```ts
   * for await (const chunk of scenario.download("asset_1")) console.log(chunk.length, "bytes")
   * ```
   */
  download(asset: Asset | string, options?: DownloadCallOptions): AsyncIterableIterator<Uint8Array>
  /**
   * Saves the file of an asset in a folder, completely or not at all.
   *
   * @example
   * ```ts
   * const { path, bytes } = await scenario.save("asset_1", "pictures", { nameTemplate: "{name}-{seed}" })
   * ```
   */
  save(asset: Asset | string, folder: string, options?: SaveCallOptions): Promise<SavedFile>
  /**
   * Saves several files. If one fails, the others continue, and `FilesNotSaved` lists those that were saved.
   *
   * @example
   * ```ts
   * const { assets } = await scenario.resume("job_1")
   * for (const { path } of await scenario.saveAll(assets, "pictures")) console.log(path)
   * ```
   */
  saveAll(
    assets: ReadonlyArray<Asset>,
    folder: string,
    options?: Omit<SaveCallOptions, "index">,
  ): Promise<ReadonlyArray<SavedFile>>
  /**
   * A local file as an input. The submit uploads it.
   *
   * @example
   * ```ts
   * const image = await scenario.localFile("front.png")
   * await scenario.generate({ endpoint: "remove-background", inputs: { image } })
   * ```
   */
  localFile(path: string | URL, options?: CallOptions): Promise<LocalFile>
  /**
   * Submits, waits, and resolves the assets.
   *
   * @example
   * ```ts
   * const { job, assets, cost } = await scenario.generate(
   *   { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } },
   *   { maxCost: 20, timeoutMs: 600_000 },
   * )
   * ```
   */
  generate(request: AnyRequest, options?: GenerateCallOptions): Promise<Generated>
  /**
   * Waits for a job, by its ID, its `JobRef`, or its `Submission`, and resolves its assets.
   *
   * @example
   * ```ts
   * const { assets } = await scenario.resume("job_1", { timeoutMs: 600_000 })
   * ```
   */
  resume(job: JobOrId | Submission, options?: WaitCallOptions): Promise<Generated>
  /**
   * Ends all calls and iterators within two seconds, so that the process can end. Jobs continue. A submit that was sent
   * continues until its job is known, and calls `onSubmitted`.
   */
  close(): Promise<void>
}

/**
 * Creates the Promise front of the library. Throws `InvalidInput` if an option is wrong, or if the key or the secret is neither
 * an option nor in the environment. In a Cloudflare Worker, one at the module level serves all requests.
 *
 * @example
 * ```ts
 * // Reads SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET.
 * const scenario = createScenario({ requestsPerMinute: 50 })
 * ```
 */
export const createScenario = (options: ScenarioOptions = {}): Scenario => {
  checkOptions(options, { fetch: "callback" })
  checkSettingNames(options)
  const config = Result.getOrThrowWith(checkSettings(withEnvironment({ ...options })), (invalid) => invalid)
  const runtime = new PromiseRuntime(
    ScenarioServices.layer.pipe(
      Layer.provide([Layer.succeed(ScenarioConfig, config), loggedFetch(options.fetch)]),
    ),
  )

  return {
    ...makePromiseAccount(runtime, config.cdnUrl),
    estimate: (request, call) =>
      runtime.run(() => {
        checkCall(call, { ipDetection: "flag" })
        return Effect.flatMap(toRequest(request), (checked) =>
          Generations.use((generations) => generations.estimate(checked, call)),
        )
      }, call),
    submit: (request, call) =>
      runtime.run((record) => {
        const submitting = toSubmitOptions(call, record)
        return Effect.flatMap(toRequest(request), (checked) =>
          Generations.use((generations) => generations.submit(checked, submitting)),
        )
      }, call),
    reconcile: (intent, call) =>
      runtime.run(() => {
        checkCall(call, { timeoutMs: "milliseconds" })
        return Generations.use((generations) =>
          generations.reconcile(intent, { timeout: inMillis(call?.timeoutMs) }),
        )
      }, call),
    watch: (job, call) =>
      runtime.iterate((record) => {
        noteAwaitedJob(record, job)
        const waiting = toWaitOptions(call, record)
        return Jobs.useSync((jobs) => jobs.watch(job, waiting))
      }, call),
    waitFor: (job, call) =>
      runtime.run((record) => {
        noteAwaitedJob(record, job)
        const waiting = toWaitOptions(call, record)
        return Jobs.use((jobs) => jobs.waitFor(job, waiting))
      }, call),
    cancel: (job, call) =>
      runtime.run((record) => {
        noteJob(record, job)
        return Jobs.use((jobs) => jobs.cancel(job))
      }, call),
    resolve: (finished, call) =>
      runtime.run((record) => {
        checkCall(call, { timeoutMs: "milliseconds" })
        noteJob(record, finished)
        const { assetIds } = finished
        refuse(checkValue("assetIds", assetIds, "a list of asset IDs", Array.isArray(assetIds)))
        return Assets.use((service) => service.resolve(finished, { timeout: inMillis(call?.timeoutMs) }))
      }, call),
    download: (asset, call) =>
      runtime.iterate((record) => {
        refuse(checkAsset("asset", asset))
        const downloading = toDownloadOptions(call, record)
        return Downloads.useSync((downloads) => downloads.download(asset, downloading))
      }, call),
    save: (asset, folder, call) =>
      runtime.run((record) => {
        refuse(checkAsset("asset", asset), checkFolder(folder))
        return save(asset, folder, toSaveOptions(call, record))
      }, call),
    saveAll: (all, folder, call) =>
      runtime.run((record) => {
        refuse(checkValue("assets", all, "a list of assets", Array.isArray(all)), checkFolder(folder))
        refuse(...all.map((asset, index) => checkAsset(`assets[${index}]`, asset)))
        return saveAll(all, folder, toSaveOptions(call, record))
      }, call),
    localFile: (path, call) =>
      runtime.run(() => {
        if (path instanceof URL) return fromFileUrl(path, "path")
        refuse(checkValue("path", path, "the path of a file", typeof path === "string" && path !== ""))
        return localFile(path)
      }, call),
    generate: (request, call) =>
      runtime.run((record) => {
        const generating: GenerateOptions = {
          ...toSubmitOptions(call, record, waitKinds),
          ...toWaitOptions(call, record, submitKinds),
        }
        return Effect.flatMap(toRequest(request), (checked) => generate(checked, generating))
      }, call),
    resume: (job, call) =>
      runtime.run((record) => {
        noteAwaitedJob(record, job)
        return resume(job, toWaitOptions(call, record))
      }, call),
    close: () => runtime.close(),
    [Symbol.asyncDispose]: () => runtime.close(),
  }
}
