// For the hosts of this project, such as the CLI and the n8n node. It can change in any version.
export {
  type FinishedGenerationsOptions,
  getEndedAt,
  isGeneration,
  listFinishedGenerations,
} from "./account/finishedGenerations.ts"
export { getContentType, isLocalFile } from "./account/LocalFile.ts"
export { listNewAssets, listNewJobs, type NewItems } from "./account/newItems.ts"
export { type PollCursor, readPollCursor } from "./account/PollCursor.ts"
export { readRecent, type RecentLimits, type RecentList } from "./account/recentItems.ts"
export { isLinkedAsset } from "./api/Asset.ts"
export { decodeJobRef } from "./api/decodeJobRef.ts"
export { isEncodableId } from "./api/ids.ts"
export { defaultBaseUrl, defaultWaitTimeout } from "./defaults.ts"
export { maxConcurrentDownloads } from "./deliver/downloadConcurrency.ts"
export { findUnknownTemplateFields, getFileName } from "./deliver/FileName.ts"
export { getExtension, sniffType } from "./deliver/FileType.ts"
export { findEmptyResult, type ResolvedJob } from "./findEmptyResult.ts"
export { type Json, parseJson } from "./json.ts"
export type { Deadline } from "./monotonic.ts"
export { adviseSuccessor } from "./adviseSuccessor.ts"
export { endSentence } from "./sentence.ts"
export { sha256Hex } from "./sha256.ts"
export { needsBase } from "./submit/baseModels.ts"
export { describeInputs, type InputHelp } from "./submit/describeInputs.ts"
export { endpointNames, endpoints, isEndpointName } from "./submit/EndpointTable.ts"
export type { ResponseKind, Endpoint } from "./submit/endpoints/Endpoint.ts"
export { findModes } from "./submit/GenerationMode.ts"
export { getMaxPollDelay, getPollCost, getPollDelay, type PollDelayInput } from "./watch/pollDelay.ts"
export type { ApiCall, ApiResponse, QueryValue, RequestPurpose } from "./http/ApiCall.ts"
export { readRetryAfter } from "./http/readErrorResponse.ts"
export { loggedFetch } from "./http/loggedFetch.ts"
export type { ScenarioHttp } from "./http/ScenarioHttp.ts"
