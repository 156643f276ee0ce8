export { type FaultName, type FaultOptions, faultDescriptions, faultNames } from "./Faults.ts"
export type { Json, JsonObject } from "./json.ts"
export type { AssetKind } from "./media/AssetSpec.ts"
export type { FaultControl, ExternalAsset, ExternalJob, ExternalModel, Simulator } from "./Simulator.ts"
export {
  simulatedApiKey,
  simulatedApiSecret,
  simulatedProjectId,
  type SimulatorOptions,
} from "./SimulatorSettings.ts"
export { startSimulator } from "./startSimulator.ts"
export { VirtualTime, type VirtualTimeOptions } from "./VirtualTime.ts"
export type { JobPlan } from "./world/JobRecord.ts"
export type { JobStatus, Outcome, ProgressStyle } from "./world/jobTimeline.ts"
export type { LedgerEntry, LedgerReport } from "./world/Ledger.ts"
export type { LoggedRequest, Violation } from "./world/RequestLog.ts"
