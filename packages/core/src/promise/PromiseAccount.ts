import { Duration } from "effect"
import { AssetLibrary, type AssetListOptions } from "../account/AssetLibrary.ts"
import { Collections } from "../account/Collections.ts"
import { JobList, type JobListOptions } from "../account/JobList.ts"
import { type ModelListOptions, Models } from "../account/Models.ts"
import type { SearchOptions } from "../account/searchHits.ts"
import { type UploadedFile, type UploadOptions, Uploads } from "../account/Uploads.ts"
import { Usage, type UsageOptions } from "../account/Usage.ts"
import { type WorkflowListOptions, Workflows } from "../account/Workflows.ts"
import type { Asset } from "../api/Asset.ts"
import type { Collection } from "../api/Collection.ts"
import type { Job, JobOrId } from "../api/Job.ts"
import type { Model } from "../api/Model.ts"
import type { Upload } from "../api/Upload.ts"
import type { UsageReport } from "../api/Usage.ts"
import type { Workflow } from "../api/Workflow.ts"
import type { LocalFile } from "../account/LocalFile.ts"
import { Assets } from "../resolve/Assets.ts"
import { Jobs } from "../watch/Jobs.ts"
import type { CallOptions, PromiseRuntime } from "./PromiseRuntime.ts"

export interface UploadCallOptions extends CallOptions, Omit<UploadOptions, "timeout"> {
  /** How long Scenario may take to import the file once it is there. Milliseconds, default 300 000. */
  readonly timeoutMs?: number | undefined
}

/** What lies beneath the stages, in the words of the Effect services. Lists are read a page at a time, as far as you go. */
export interface PromiseAccount {
  readonly jobs: {
    /** Reads a job once. */
    get(job: JobOrId, call?: CallOptions): Promise<Job>
    list(options?: JobListOptions): AsyncIterable<Job>
  }
  readonly assets: {
    /** One asset, with a fresh link. */
    get(assetId: string, call?: CallOptions): Promise<Asset>
    list(options?: AssetListOptions): AsyncIterable<Asset>
    search(query: string, options?: SearchOptions): AsyncIterable<Asset>
    addTags(assetId: string, tags: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    removeTags(assetId: string, tags: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    /** For good. */
    delete(assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    update(
      assetId: string,
      changes: { readonly name?: string; readonly description?: string },
      call?: CallOptions,
    ): Promise<Asset>
  }
  readonly models: {
    list(options?: ModelListOptions): AsyncIterable<Model>
    search(query: string, options?: SearchOptions): AsyncIterable<Model>
    /** With its inputs. */
    get(modelId: string, call?: CallOptions): Promise<Model>
  }
  readonly workflows: {
    list(options?: WorkflowListOptions): AsyncIterable<Workflow>
    get(workflowId: string, call?: CallOptions): Promise<Workflow>
    approve(job: JobOrId, stepId: string, call?: CallOptions): Promise<Job>
    reject(job: JobOrId, stepId: string, call?: CallOptions): Promise<Job>
    select(job: JobOrId, stepId: string, selected: ReadonlyArray<number>, call?: CallOptions): Promise<Job>
  }
  readonly collections: {
    list(): AsyncIterable<Collection>
    get(collectionId: string, call?: CallOptions): Promise<Collection>
    create(name: string, call?: CallOptions): Promise<Collection>
    addAssets(collectionId: string, assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    removeAssets(collectionId: string, assetIds: ReadonlyArray<string>, call?: CallOptions): Promise<void>
    delete(collectionId: string, call?: CallOptions): Promise<void>
  }
  readonly uploads: {
    upload(file: LocalFile, options?: UploadCallOptions): Promise<UploadedFile>
    importUrl(url: string, options?: UploadCallOptions): Promise<UploadedFile>
    get(uploadId: string, call?: CallOptions): Promise<Upload>
  }
  readonly usage: { get(options?: UsageOptions, call?: CallOptions): Promise<UsageReport> }
}

export const promiseAccount = (runtime: PromiseRuntime): PromiseAccount => ({
  jobs: {
    get: (job, call) =>
      runtime.run(
        Jobs.use((jobs) => jobs.get(job)),
        call,
      ),
    list: (options) => runtime.iterate(JobList.useSync((jobs) => jobs.list(options))),
  },
  assets: {
    get: (assetId, call) =>
      runtime.run(
        Assets.use((assets) => assets.get(assetId)),
        call,
      ),
    list: (options) => runtime.iterate(AssetLibrary.useSync((library) => library.list(options))),
    search: (query, options) =>
      runtime.iterate(AssetLibrary.useSync((library) => library.search(query, options))),
    addTags: (assetId, tags, call) =>
      runtime.run(
        AssetLibrary.use((library) => library.addTags(assetId, tags)),
        call,
      ),
    removeTags: (assetId, tags, call) =>
      runtime.run(
        AssetLibrary.use((library) => library.removeTags(assetId, tags)),
        call,
      ),
    delete: (assetIds, call) =>
      runtime.run(
        AssetLibrary.use((library) => library.delete(assetIds)),
        call,
      ),
    update: (assetId, changes, call) =>
      runtime.run(
        AssetLibrary.use((library) => library.update(assetId, changes)),
        call,
      ),
  },
  models: {
    list: (options) => runtime.iterate(Models.useSync((models) => models.list(options))),
    search: (query, options) => runtime.iterate(Models.useSync((models) => models.search(query, options))),
    get: (modelId, call) =>
      runtime.run(
        Models.use((models) => models.get(modelId)),
        call,
      ),
  },
  workflows: {
    list: (options) => runtime.iterate(Workflows.useSync((workflows) => workflows.list(options))),
    get: (workflowId, call) =>
      runtime.run(
        Workflows.use((workflows) => workflows.get(workflowId)),
        call,
      ),
    approve: (job, stepId, call) =>
      runtime.run(
        Workflows.use((workflows) => workflows.approve(job, stepId)),
        call,
      ),
    reject: (job, stepId, call) =>
      runtime.run(
        Workflows.use((workflows) => workflows.reject(job, stepId)),
        call,
      ),
    select: (job, stepId, selected, call) =>
      runtime.run(
        Workflows.use((workflows) => workflows.select(job, stepId, selected)),
        call,
      ),
  },
  collections: {
    list: () => runtime.iterate(Collections.useSync((collections) => collections.list())),
    get: (collectionId, call) =>
      runtime.run(
        Collections.use((collections) => collections.get(collectionId)),
        call,
      ),
    create: (name, call) =>
      runtime.run(
        Collections.use((collections) => collections.create(name)),
        call,
      ),
    addAssets: (collectionId, assetIds, call) =>
      runtime.run(
        Collections.use((collections) => collections.addAssets(collectionId, assetIds)),
        call,
      ),
    removeAssets: (collectionId, assetIds, call) =>
      runtime.run(
        Collections.use((collections) => collections.removeAssets(collectionId, assetIds)),
        call,
      ),
    delete: (collectionId, call) =>
      runtime.run(
        Collections.use((collections) => collections.delete(collectionId)),
        call,
      ),
  },
  uploads: {
    upload: (file, options) =>
      runtime.run(
        Uploads.use((uploads) => uploads.upload(file, uploadOptions(options))),
        options,
      ),
    importUrl: (url, options) =>
      runtime.run(
        Uploads.use((uploads) => uploads.importUrl(url, uploadOptions(options))),
        options,
      ),
    get: (uploadId, call) =>
      runtime.run(
        Uploads.use((uploads) => uploads.get(uploadId)),
        call,
      ),
  },
  usage: {
    get: (options, call) =>
      runtime.run(
        Usage.use((usage) => usage.get(options)),
        call,
      ),
  },
})

const uploadOptions = (options: UploadCallOptions = {}): UploadOptions => ({
  kind: options.kind,
  hide: options.hide,
  parentId: options.parentId,
  collectionIds: options.collectionIds,
  timeout: options.timeoutMs === undefined ? undefined : Duration.millis(options.timeoutMs),
})
