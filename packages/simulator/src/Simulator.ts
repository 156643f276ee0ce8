import type { FaultName, FaultOptions } from "./Faults.ts"
import type { ModelInput } from "./catalog/ModelRecord.ts"
import type { JsonObject } from "./json.ts"
import type { AssetKind } from "./media/AssetSpec.ts"
import type { JobPlan } from "./world/JobRecord.ts"
import type { LedgerReport } from "./world/Ledger.ts"
import type { LoggedRequest, Violation } from "./world/RequestLog.ts"

/** A job that no request to this simulator created. */
export interface ExternalJob {
  readonly jobId?: string | undefined
  readonly jobType?: string | undefined
  readonly modelId?: string | undefined
  readonly authorId?: string | undefined
  readonly input?: JsonObject | undefined
  /** Default `success`. */
  readonly status?: string | undefined
  /** How long ago it was created, in simulated ms. Default 0. */
  readonly ageMs?: number | undefined
  /** From creation to its final status, in simulated ms. Default 10,000. A younger job is in progress. */
  readonly durationMs?: number | undefined
  readonly assetIds?: ReadonlyArray<string> | undefined
  readonly output?: JsonObject | undefined
}

/** An asset that no job of this simulator made. */
export interface ExternalAsset {
  readonly id?: string | undefined
  /** Default `image`. */
  readonly kind?: AssetKind | undefined
  readonly mimeType?: string | undefined
  readonly prompt?: string | undefined
  /** Pixels. Default 64. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** The file's bytes, instead of a generated file. */
  readonly bytes?: Uint8Array | undefined
  readonly name?: string | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly collectionIds?: ReadonlyArray<string> | undefined
  readonly modelId?: string | undefined
  readonly parentId?: string | undefined
  readonly isPublic?: boolean | undefined
  /** How long it is pending, in simulated ms. Default 0. */
  readonly readyAfterMs?: number | undefined
  /** How long ago it was made, in simulated ms. Default 0. */
  readonly ageMs?: number | undefined
  readonly metadataType?: string | undefined
}

/** A model that isn't in the catalog. By default a trained LoRA of the account, without a field that names its base. */
export interface ExternalModel {
  readonly id?: string | undefined
  readonly name?: string | undefined
  /** Default `flux.1-lora`. */
  readonly type?: string | undefined
  /** Default `trained`. */
  readonly status?: string | undefined
  /** Default `private`. */
  readonly privacy?: "private" | "public" | undefined
  /** Default false: `/generate/custom/{modelId}` refuses it. */
  readonly custom?: boolean | undefined
  readonly capabilities?: ReadonlyArray<string> | undefined
  readonly inputs?: ReadonlyArray<ModelInput> | undefined
  readonly compliantModelIds?: ReadonlyArray<string> | undefined
  readonly concepts?: ReadonlyArray<{ readonly modelId: string; readonly scale: number }> | undefined
  readonly parentModelId?: string | undefined
}

export interface FaultControl {
  /** Hits the next matching request, or the next `times` requests. */
  next(name: FaultName, options?: FaultOptions): void
  /** Hits each matching request with this probability. The seed decides. */
  rate(name: FaultName, rate: number, options?: FaultOptions): void
  clear(): void
}

/** A running simulator: two servers, and controls for tests. */
export interface Simulator extends AsyncDisposable {
  /** The base URL for clients: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string
  /** The CDN's origin, which has another port: `http://127.0.0.1:PORT`. */
  readonly cdnUrl: string
  /** The URL of these controls for other processes: `http://127.0.0.1:PORT/_simulator`. */
  readonly controlUrl: string
  readonly apiKey: string
  readonly apiSecret: string
  readonly projectId: string
  readonly faults: FaultControl
  /** Simulated epoch ms. */
  now(): number
  /** Moves a stepped clock. */
  advance(ms: number): Promise<void>
  /** Plans the next paid job. Several calls plan the next jobs in order. */
  planNextJob(plan: JobPlan): void
  requests(): ReadonlyArray<LoggedRequest>
  ledger(): LedgerReport
  /** Requests, or parts of them, that the real API would refuse or ignore. */
  violations(): ReadonlyArray<Violation>
  /** All jobs, newest first, as the API returns them now. */
  jobs(): ReadonlyArray<JsonObject>
  /** All assets, oldest first, as the API returns them now. */
  assets(): ReadonlyArray<JsonObject>
  /** Returns the ID. */
  addJob(job?: ExternalJob): string
  /** Returns the ID. */
  addAsset(asset?: ExternalAsset): string
  /** Returns the ID. */
  addModel(model?: ExternalModel): string
  /** Removes all jobs, assets, requests, charges, faults, and plans. The clock continues. */
  reset(): void
  close(): Promise<void>
}
