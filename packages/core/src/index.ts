export { AccountRegistry, type AccountServices } from "./AccountRegistry.ts"
export { AssetLibrary, type AssetListOptions } from "./account/AssetLibrary.ts"
export { Collections } from "./account/Collections.ts"
export { JobList, type JobListOptions } from "./account/JobList.ts"
export { type ModelListOptions, Models } from "./account/Models.ts"
export type { SearchOptions } from "./account/searchHits.ts"
export {
  type UploadedFile,
  type UploadError,
  type UploadOptions,
  type UploadProperties,
  Uploads,
} from "./account/Uploads.ts"
export { Usage, type UsageOptions } from "./account/Usage.ts"
export { type WorkflowListOptions, Workflows } from "./account/Workflows.ts"
export type { Asset, AssetPreview } from "./api/Asset.ts"
export type { AssetKind } from "./api/assetKinds.ts"
export type { DateFilters } from "./account/DateFilters.ts"
export type { Collection } from "./api/Collection.ts"
export type { IpDetection } from "./api/IpDetection.ts"
export type { InputDescriptor, InputRequirement, InputType } from "./api/InputDescriptor.ts"
export type { Job, JobOrId, JobRef, JobStatus, JobStatusChange, JobStep, StoredJobRef } from "./api/Job.ts"
export type { Model, ModelConcept, Plan } from "./api/Model.ts"
export type { Page } from "./api/Page.ts"
export type { Upload, UploadPart } from "./api/Upload.ts"
export type { Activity, Consumption, UsageReport, UsageSeries } from "./api/Usage.ts"
export type { Workflow, WorkflowNode } from "./api/Workflow.ts"
export type { Rendition } from "./deliver/rendition.ts"
export { Downloads } from "./deliver/Downloads.ts"
export type { DownloadEnd, DownloadOptions, DownloadStart, RenditionOptions } from "./deliver/FileReader.ts"
export type { DurationEstimate, DurationExpectation, Lognormal } from "./durations/DurationEstimate.ts"
export { DurationHistory, type JobTraits, type LearnOptions } from "./durations/DurationHistory.ts"
export type { RememberedDurations, RememberedJob } from "./durations/RememberedDurations.ts"
export {
  ApiError,
  type ApiErrorReason,
  AssetsMissing,
  CallbackFailed,
  CostTooHigh,
  DownloadFailed,
  DryRunCharged,
  FilesNotSaved,
  EmptyResult,
  type InputIssue,
  InvalidInput,
  isScenarioError,
  type JobCandidate,
  JobCanceled,
  JobFailed,
  SaveFailed,
  type ScenarioError,
  SubmitUncertain,
  UploadFailed,
  WaitTimedOut,
} from "./errors.ts"
export { generate, type Generated, type GenerateError, type GenerateOptions, resume } from "./generate.ts"
export { ApiHttp } from "./http/ApiHttp.ts"
export { CdnHttp } from "./http/CdnHttp.ts"
export type { HttpTransport, TransportRequest, TransportResponse } from "./http/HttpTransport.ts"
export type { PageOptions } from "./http/pages.ts"
export {
  type AssetFormat,
  type AssetLink,
  Assets,
  type GetAssetOptions,
  type ResolveOptions,
} from "./resolve/Assets.ts"
export { findPrimary, type PrimaryHints } from "./resolve/findPrimary.ts"
export { thumbnailUrl } from "./thumbnailUrl.ts"
export type { OutputKind } from "./durations/outputKind.ts"
export { Scenario, type ScenarioServices } from "./Scenario.ts"
export { ScenarioConfig } from "./ScenarioConfig.ts"
export type { AccountSettings, CheckedSettings, ScenarioSettings } from "./ScenarioSettings.ts"
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
export { Generations, type ReconcileOptions, type SubmitError } from "./submit/Generations.ts"
export { LoraRouting, type RoutedRequest, type RunnableModel } from "./submit/LoraRouting.ts"
export type { SubmitWait } from "./submit/Ceilings.ts"
export type { PriceOptions } from "./submit/DryRuns.ts"
export type { Reconciled } from "./submit/Reconciliation.ts"
export type { SubmitIntent } from "./submit/SubmitIntent.ts"
export type { SubmitOptions } from "./submit/SubmitOptions.ts"
export type * from "./submit/endpoints/inputs.ts"
export type { InlineResult, Segment } from "./submit/InlineResult.ts"
export type { FileAsStream, FileInMemory, FileInput, LocalFile } from "./account/LocalFile.ts"
export type { PreparationError } from "./submit/Preparation.ts"
export type { Submission } from "./submit/Submission.ts"
export type { FinishedJob } from "./FinishedJob.ts"
export { type CancelOutcome, Jobs, type WaitError, type WaitOptions } from "./watch/Jobs.ts"
export type { JobUpdate } from "./watch/JobUpdate.ts"
