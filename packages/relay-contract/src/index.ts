export { AccountId, AccountRegistration } from "./AccountRegistration.ts"
export {
  Attempt,
  Callback,
  CallbackAsset,
  CallbackHeaders,
  JobResult,
  Outcome,
  WaitProblem,
} from "./Callback.ts"
export { CurrentClient } from "./CurrentClient.ts"
export { makeRelayClient, type RelayClientOptions } from "./makeRelayClient.ts"
export { RelayApi, RelayToken } from "./RelayApi.ts"
export {
  AccountRefused,
  NotAllowed,
  NotAuthorized,
  RelayUnavailable,
  TooManyRequests,
  TooManyWaits,
  UnknownAccount,
  UnknownWait,
  WaitConflict,
  WaitRefused,
} from "./RelayErrors.ts"
export {
  GenerationBody,
  GenerationRegistration,
  JobId,
  Wait,
  WaitDetails,
  WaitPage,
  WaitQuery,
  WaitRegistration,
  WaitState,
} from "./Wait.ts"
