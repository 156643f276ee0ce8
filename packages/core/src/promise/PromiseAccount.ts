import * as Effect from "effect/Effect"
import { AssetLibrary, type AssetListOptions } from "../account/AssetLibrary.ts"
import { Collections } from "../account/Collections.ts"
import { JobList, type JobListOptions } from "../account/JobList.ts"
import { checkText, checkValue } from "../checkArguments.ts"
import { type ModelListOptions, Models } from "../account/Models.ts"
import type { SearchOptions } from "../account/searchHits.ts"
import { type UploadedFile, type UploadOptions, type UploadProperties, Uploads } from "../account/Uploads.ts"
import { Usage, type UsageOptions } from "../account/Usage.ts"
import { type WorkflowListOptions, Workflows } from "../account/Workflows.ts"
import type { Asset } from "../api/Asset.ts"
import type { Collection } from "../api/Collection.ts"
import type { Job, JobOrId } from "../api/Job.ts"
import type { Model } from "../api/Model.ts"
import type { Upload } from "../api/Upload.ts"
import type { UsageReport } from "../api/Usage.ts"
import type { Workflow } from "../api/Workflow.ts"
import { type AssetFormat, type AssetLink, Assets } from "../resolve/Assets.ts"
import { LoraRouting, type RunnableModel } from "../submit/LoraRouting.ts"
import { thumbnailUrl } from "../thumbnailUrl.ts"
import { Jobs } from "../watch/Jobs.ts"
import { inMillis } from "./callOptions.ts"
import { checkOptions, refuse } from "./checkOptions.ts"
import { noteJob } from "./noteJob.ts"
import { requireInputFile } from "./node/toInputFile.ts"
import type { AnyFile } from "./node/toRequest.ts"
import type { CallOptions, PromiseRuntime } from "./PromiseRuntime.ts"

export interface UploadCallOptions extends CallOptions, UploadProperties {
  /** How long Scenario may take to import the uploaded file. Milliseconds, default 300,000. */
  readonly timeoutMs?: number | undefined
}

/** The services of the account, with the names of the Effect front. Lists request pages only as far as you read. */
export interface PromiseAccount {
  readonly jobs: {
    /** Reads a job once. */
    get(job: JobOrId, call?: CallOptions): Promise<Job>
    /** Lists the account's jobs, newest first. */
    list(options?: JobListOptions & CallOptions): AsyncIterableIterator<Job>
  }
  readonly assets: {
    /** Gets an asset with a fresh link. */
    get(assetId: string, call?: CallOptions): Promise<Asset>
    /** Gets a fresh link to the file, optionally in another format. */
    convert(assetId: string, format?: AssetFormat, call?: CallOptions): Promise<AssetLink>
    /** The URL of a small image of the asset. It doesn't expire, and needs no key. Nothing is sent. */
    thumbnailUrl(assetId: string): string
    /** Lists the account's assets, or public ones. */
    list(options?: AssetListOptions & CallOptions): AsyncIterableIterator<Asset>
    /** Searches assets by words or by a similar image. Hits have fewer fields than the assets themselves. */
    search(query: string, options?: SearchOptions & CallOptions): AsyncIterableIterator<Asset>
    /** Adds tags. Those that the asset already has stay. */
    addTags(assetId: string, tags: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** Removes tags. */
    removeTags(assetId: string, tags: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** Deletes any number of assets. This can't be undone. */
    delete(assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** Changes the name or the description of an asset. */
    update(
      assetId: string,
      changes: { readonly name?: string; readonly description?: string },
      call?: CallOptions,
    ): Promise<Asset>
  }
  readonly models: {
    /** Lists the account's own models, or public ones. Listed models may lack their `inputs`. */
    list(options?: ModelListOptions & CallOptions): AsyncIterableIterator<Model>
    /** Searches models by words, or by an image like those that the model makes. */
    search(query: string, options?: SearchOptions & CallOptions): AsyncIterableIterator<Model>
    /** Gets a model with its inputs. */
    get(modelId: string, call?: CallOptions): Promise<Model>
    /** Finds the account's own model by its name; `undefined` if no model has it. */
    findByName(name: string, call?: CallOptions): Promise<Model | undefined>
    /** Describes the inputs of a model. For a LoRA or a composition, those of its base. */
    describe(
      modelId: string,
      options?: { readonly baseModel?: string | undefined } & CallOptions,
    ): Promise<RunnableModel>
  }
  readonly workflows: {
    /** Lists workflows ("Apps"). */
    list(options?: WorkflowListOptions & CallOptions): AsyncIterableIterator<Workflow>
    /** Gets a workflow with its inputs. */
    get(workflowId: string, call?: CallOptions): Promise<Workflow>
    /** Approves a step, so that the run continues. */
    approve(job: JobOrId, stepId: string, call?: CallOptions): Promise<Job>
    /** Rejects a step, which ends the run: the only documented way to stop a workflow. */
    reject(job: JobOrId, stepId: string, call?: CallOptions): Promise<Job>
    /** Continues with some of a step's results, counted from 0. */
    select(job: JobOrId, stepId: string, selected: ReadonlyArray<number>, call?: CallOptions): Promise<Job>
  }
  readonly collections: {
    /** Lists collections. `pageSize` is collections per request: 1..100, default 50. */
    list(
      options?: { readonly pageSize?: number | undefined } & CallOptions,
    ): AsyncIterableIterator<Collection>
    /** Gets a collection. */
    get(collectionId: string, call?: CallOptions): Promise<Collection>
    /** Creates an empty collection. */
    create(name: string, call?: CallOptions): Promise<Collection>
    /** Adds any number of assets. */
    addAssets(collectionId: string, assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** Removes any number of assets, which stay in the account. */
    removeAssets(collectionId: string, assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** Deletes the collection, but not its assets and models. */
    delete(collectionId: string, call?: CallOptions): Promise<void>
  }
  readonly uploads: {
    /** Uploads a file, and waits until it is an asset. */
    upload(file: AnyFile, options?: UploadCallOptions): Promise<UploadedFile>
    /** Imports a file from a URL that Scenario can reach, and waits until it is an asset. */
    importUrl(url: string | URL, options?: UploadCallOptions): Promise<UploadedFile>
    /** Gets an upload. */
    get(uploadId: string, call?: CallOptions): Promise<Upload>
  }
  readonly usage: {
    /** Gets what the account has used. */
    get(options?: UsageOptions, call?: CallOptions): Promise<UsageReport>
  }
}

export const makePromiseAccount = (runtime: PromiseRuntime, cdnUrl: string): PromiseAccount => ({
  jobs: {
    get: (job, call) =>
      runtime.run((record) => {
        noteJob(record, job)
        return Jobs.use((jobs) => jobs.get(job))
      }, call),
    list: (options) =>
      runtime.iterate(() => {
        checkOptions(options, jobListKinds)
        return JobList.useSync((jobs) => jobs.list(options))
      }, options),
  },
  assets: {
    get: (assetId, call) => runtime.run(() => Assets.use((assets) => assets.get(assetId)), call),
    convert: (assetId, format, call) =>
      runtime.run(() => Assets.use((assets) => assets.convert(assetId, format)), call),
    thumbnailUrl: (assetId) => thumbnailUrl(assetId, cdnUrl),
    list: (options) =>
      runtime.iterate(() => {
        checkOptions(options, assetListKinds)
        return AssetLibrary.useSync((library) => library.list(options))
      }, options),
    search: (query, options) =>
      runtime.iterate(() => {
        const search = toSearch(query, options)
        return AssetLibrary.useSync((library) => library.search(query, search))
      }, options),
    addTags: (assetId, tags, call) =>
      runtime.run(() => AssetLibrary.use((library) => library.addTags(assetId, tags)), call),
    removeTags: (assetId, tags, call) =>
      runtime.run(() => AssetLibrary.use((library) => library.removeTags(assetId, tags)), call),
    delete: (assetIds, call) =>
      runtime.run(() => AssetLibrary.use((library) => library.delete(assetIds)), call),
    update: (assetId, changes, call) =>
      runtime.run(() => {
        refuse(
          checkValue("changes", changes, "an object with name or description", typeof changes === "object"),
        )
        return AssetLibrary.use((library) => library.update(assetId, { ...changes }))
      }, call),
  },
  models: {
    list: (options) =>
      runtime.iterate(() => {
        checkOptions(options, modelListKinds)
        return Models.useSync((models) => models.list(options))
      }, options),
    search: (query, options) =>
      runtime.iterate(() => {
        const search = toSearch(query, options)
        return Models.useSync((models) => models.search(query, search))
      }, options),
    get: (modelId, call) => runtime.run(() => Models.use((models) => models.get(modelId)), call),
    findByName: (name, call) =>
      runtime.run(() => {
        refuse(checkText("name", name))
        return Models.use((models) => models.findByName(name))
      }, call),
    describe: (modelId, options) =>
      runtime.run(() => {
        checkOptions(options, { baseModel: "id" })
        return LoraRouting.use((routing) => routing.describe(modelId, options))
      }, options),
  },
  workflows: {
    list: (options) =>
      runtime.iterate(() => {
        checkOptions(options, workflowListKinds)
        return Workflows.useSync((workflows) => workflows.list(options))
      }, options),
    get: (workflowId, call) =>
      runtime.run(() => Workflows.use((workflows) => workflows.get(workflowId)), call),
    approve: (job, stepId, call) =>
      runtime.run((record) => {
        noteJob(record, job)
        return Workflows.use((workflows) => workflows.approve(job, stepId))
      }, call),
    reject: (job, stepId, call) =>
      runtime.run((record) => {
        noteJob(record, job)
        return Workflows.use((workflows) => workflows.reject(job, stepId))
      }, call),
    select: (job, stepId, selected, call) =>
      runtime.run((record) => {
        noteJob(record, job)
        return Workflows.use((workflows) => workflows.select(job, stepId, selected))
      }, call),
  },
  collections: {
    list: (options) =>
      runtime.iterate(() => {
        checkOptions(options)
        return Collections.useSync((collections) => collections.list(options))
      }, options),
    get: (collectionId, call) =>
      runtime.run(() => Collections.use((collections) => collections.get(collectionId)), call),
    create: (name, call) =>
      runtime.run(() => Collections.use((collections) => collections.create(name)), call),
    addAssets: (collectionId, assetIds, call) =>
      runtime.run(
        () => Collections.use((collections) => collections.addAssets(collectionId, assetIds)),
        call,
      ),
    removeAssets: (collectionId, assetIds, call) =>
      runtime.run(
        () => Collections.use((collections) => collections.removeAssets(collectionId, assetIds)),
        call,
      ),
    delete: (collectionId, call) =>
      runtime.run(() => Collections.use((collections) => collections.delete(collectionId)), call),
  },
  uploads: {
    upload: (file, options) =>
      runtime.run(() => {
        const uploading = toUploadOptions(options)
        return Effect.flatMap(requireInputFile(file, "file"), (input) =>
          Uploads.use((uploads) =>
            typeof input === "string"
              ? uploads.importUrl(input, uploading)
              : uploads.upload(input, uploading),
          ),
        )
      }, options),
    importUrl: (url, options) =>
      runtime.run(() => {
        const uploading = toUploadOptions(options)
        const link = url instanceof URL ? url.href : url
        refuse(checkValue("url", url, "an http(s) URL", typeof link === "string"))
        return Uploads.use((uploads) => uploads.importUrl(link, uploading))
      }, options),
    get: (uploadId, call) => runtime.run(() => Uploads.use((uploads) => uploads.get(uploadId)), call),
  },
  usage: {
    get: (options, call) =>
      runtime.run(() => {
        checkOptions(options, { types: "texts", userIds: "texts", projectIds: "texts" })
        return Usage.use((usage) => usage.get(options))
      }, call),
  },
})

const jobListKinds = { types: "texts" } as const
const assetListKinds = { types: "texts", tags: "texts" } as const
const modelListKinds = { tags: "texts", privacy: ["own", "public", "both"] } as const
const workflowListKinds = { tags: "texts" } as const

/** The API receives all options except the signal. */
const toSearch = (query: string, options: (SearchOptions & CallOptions) | undefined): SearchOptions => {
  checkOptions(options, { filter: "text", image: "text", public: "flag", sortBy: "texts" })
  refuse(checkValue("query", query, "text, which can be empty", typeof query === "string"))
  const { signal: _signal, ...search } = options ?? {}
  return search
}

const toUploadOptions = (options: UploadCallOptions | undefined): UploadOptions => {
  checkOptions(options, {
    timeoutMs: "milliseconds",
    kind: "text",
    hide: "flag",
    parentId: "id",
    collectionIds: "texts",
  })
  return {
    kind: options?.kind,
    hide: options?.hide,
    parentId: options?.parentId,
    collectionIds: options?.collectionIds,
    timeout: inMillis(options?.timeoutMs),
  }
}
