export type { Asset, AssetKind, AssetPreview } from "./api/Asset.ts"
export type { InputDescriptor, InputRequirement } from "./api/InputDescriptor.ts"
export {
  type Job,
  type JobOrId,
  JobRef,
  type JobStatus,
  type JobStatusChange,
  type JobStep,
} from "./api/Job.ts"
export type { Model, Plan } from "./api/Model.ts"
export { Downloads } from "./deliver/Downloads.ts"
export {
  defaultNameTemplate,
  fileNameOf,
  type NameTemplate,
  type NamingContext,
  numberedName,
  templateFields,
  unknownTemplateFields,
} from "./deliver/FileName.ts"
export type { DownloadOptions, DownloadStart } from "./deliver/FileReader.ts"
export { extensionOf, sniffType } from "./deliver/FileType.ts"
export {
  ApiError,
  ApiErrorReason,
  AssetsMissing,
  CostTooHigh,
  DownloadFailed,
  InputIssue,
  InvalidInput,
  isScenarioError,
  JobCanceled,
  JobFailed,
  SaveFailed,
  type ScenarioError,
  SubmitUncertain,
  UploadFailed,
  WaitTimedOut,
} from "./errors.ts"
export { finish, generate, type Generated, type GenerateError, type GenerateOptions } from "./generate.ts"
export { ApiHttp } from "./http/ApiHttp.ts"
export { CdnHttp } from "./http/CdnHttp.ts"
export { Assets, type ResolveOptions } from "./resolve/Assets.ts"
export { Scenario, type ScenarioServices } from "./Scenario.ts"
export {
  defaultBaseUrl,
  defaultRequestsPerMinute,
  ScenarioConfig,
  type ScenarioSettings,
} from "./ScenarioConfig.ts"
export {
  type EndpointInputs,
  type EndpointName,
  endpointNames,
  endpoints,
  isEndpointName,
} from "./submit/EndpointTable.ts"
export type { AnswerKind, Endpoint } from "./submit/endpoints/Endpoint.ts"
export { modesOf } from "./submit/GenerationMode.ts"
export {
  describeRequest,
  type EndpointRequest,
  type GenerationRequest,
  type Inputs,
  type InputValue,
  type ModelRequest,
  type WorkflowRequest,
} from "./submit/GenerationRequest.ts"
export { Generations, type SubmitError, type SubmitOptions } from "./submit/Generations.ts"
export type { InlineAnswer, Segment } from "./submit/InlineAnswer.ts"
export {
  contentTypeOf,
  type FileAsStream,
  type FileInMemory,
  type FileInput,
  isLocalFile,
  type LocalFile,
} from "./submit/LocalFile.ts"
export { type CheckedInputs, checkInputs } from "./submit/ModelInputs.ts"
export type { PreparationError } from "./submit/Preparation.ts"
export type { Submission } from "./submit/Submission.ts"
export { classifyJob, type JobOutcome, stepsAwaitingApproval } from "./watch/classifyJob.ts"
export { DurationHistory } from "./watch/DurationHistory.ts"
export type { FinishedJob } from "./watch/FinishedJob.ts"
export {
  type CancelOutcome,
  defaultWaitTimeout,
  Jobs,
  type WaitError,
  type WaitOptions,
} from "./watch/Jobs.ts"
export type { JobUpdate } from "./watch/JobUpdate.ts"
export { delayBeforeLook, type DurationExpectation, type PaceInput } from "./watch/Pace.ts"
