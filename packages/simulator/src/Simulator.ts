import type { FaultName, FaultOptions } from "./Faults.ts"
import type { ModelInput } from "./catalog/ModelRecord.ts"
import type { JsonObject } from "./json.ts"
import type { AssetKind } from "./media/AssetSpec.ts"
import type { JobPlan } from "./world/JobRecord.ts"
import type { LedgerReport } from "./world/Ledger.ts"
import type { LoggedRequest, Violation } from "./world/RequestLog.ts"

/** A job that nobody submitted: another process's, or filler for lists. */
export interface ExternalJob {
  readonly jobId?: string | undefined
  readonly jobType?: string | undefined
  readonly modelId?: string | undefined
  readonly authorId?: string | undefined
  readonly input?: JsonObject | undefined
  /** Default `success`. */
  readonly status?: string | undefined
  /** How long ago it was born, simulated ms; default 0. */
  readonly ageMs?: number | undefined
  /** From newJob to its final status, simulated ms, default 10 000; a job younger than this is in progress. */
  readonly durationMs?: number | undefined
  readonly assetIds?: ReadonlyArray<string> | undefined
  readonly output?: JsonObject | undefined
}

/** An asset that no job here made. */
export interface ExternalAsset {
  readonly id?: string | undefined
  /** Default `image`. */
  readonly kind?: AssetKind | undefined
  readonly mimeType?: string | undefined
  readonly prompt?: string | undefined
  /** Pixels, default 64. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** The file itself, instead of a painted one. */
  readonly bytes?: Uint8Array | undefined
  readonly name?: string | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly collectionIds?: ReadonlyArray<string> | undefined
  readonly modelId?: string | undefined
  readonly parentId?: string | undefined
  readonly isPublic?: boolean | undefined
  /** Pending for this long, simulated ms; default 0. */
  readonly readyAfterMs?: number | undefined
  /** How long ago it was made, simulated ms; default 0. */
  readonly ageMs?: number | undefined
  readonly metadataType?: string | undefined
}

/** A model that the catalog lacks: by default a trained LoRA of the account, which no field ties to a base. */
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
  /** The next matching request, or the next `times`, is hit. */
  next(name: FaultName, options?: FaultOptions): void
  /** Each matching request is hit with this probability, decided by the seed. */
  rate(name: FaultName, rate: number, options?: FaultOptions): void
  clear(): void
}

/** A running simulation: two servers and the controls a test holds. */
export interface Simulator extends AsyncDisposable {
  /** What a client takes as base URL: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string
  /** The CDN's origin, another one: `http://127.0.0.1:PORT`. */
  readonly cdnUrl: string
  /** Where other processes find these controls: `http://127.0.0.1:PORT/_simulator`. */
  readonly controlUrl: string
  readonly apiKey: string
  readonly apiSecret: string
  readonly projectId: string
  readonly faults: FaultControl
  /** Simulated epoch ms. */
  now(): number
  /** Moves a stepped clock. */
  advance(ms: number): Promise<void>
  /** For the next paid job born; several calls queue up. */
  planNextJob(plan: JobPlan): void
  requests(): ReadonlyArray<LoggedRequest>
  ledger(): LedgerReport
  /** What the real API would have refused or dropped. */
  violations(): ReadonlyArray<Violation>
  /** Every job there is, newest first, as the wire shows it now. */
  jobs(): ReadonlyArray<JsonObject>
  /** Every asset there is, oldest first, as the wire shows it now. */
  assets(): ReadonlyArray<JsonObject>
  /** Returns the id. */
  addJob(job?: ExternalJob): string
  /** Returns the id. */
  addAsset(asset?: ExternalAsset): string
  /** Returns the id. */
  addModel(model?: ExternalModel): string
  /** Forgets all jobs, assets, requests, charges, faults and plans; the clock goes on. */
  reset(): void
  close(): Promise<void>
}
