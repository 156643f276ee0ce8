import type { Attempt, JobResult, Outcome, WaitProblem, WaitState } from "@scenario-automation/relay-contract"

/** A job of a wait, with what makes it cheaper to poll. */
export interface StoredJob extends JobResult {
  readonly submittedAt?: string | undefined
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
}

export interface WaitOptions {
  readonly includeAssets?: boolean | undefined
  readonly progress?: boolean | undefined
  readonly metadata?: string | undefined
  readonly maxCost?: number | undefined
}

/** A row of `relay_waits`. Times are milliseconds since 1970. */
export interface StoredWait {
  readonly waitId: string
  readonly clientId: string
  readonly accountId: string
  /** Which owner watches it: the same for all accounts with the same credentials. */
  readonly ownerKey: string
  readonly state: WaitState
  /** Of what was registered; another registration with the same ID is refused. */
  readonly requestHash: string
  readonly callbackSealed: string
  readonly callbackHash: string
  readonly options: WaitOptions
  readonly generationSealed?: string | undefined
  readonly intentSealed?: string | undefined
  readonly jobs: ReadonlyArray<StoredJob>
  readonly outcome?: Outcome | undefined
  readonly problem?: WaitProblem | undefined
  readonly createdAt: number
  readonly expiresAt: number
  readonly endedAt?: number | undefined
  readonly attempts: number
  readonly nextAttemptAt?: number | undefined
  readonly lastError?: string | undefined
}

/** How a wait has ended. */
export interface WaitEnd {
  readonly jobs: ReadonlyArray<StoredJob>
  readonly outcome: Outcome
  readonly problem?: WaitProblem | undefined
  readonly endedAt: number
}

/** What follows from a delivery attempt. */
export interface DeliveryStep {
  readonly state: "delivering" | "delivered" | "dead"
  readonly nextAttemptAt?: number | undefined
  readonly lastError?: string | undefined
}

export interface WaitFilter {
  readonly clientId?: string | undefined
  readonly accountId?: string | undefined
  readonly state?: WaitState | undefined
  readonly createdAfter?: number | undefined
  readonly createdBefore?: number | undefined
  readonly before?: { readonly createdAt: number; readonly waitId: string } | undefined
  readonly limit: number
}

export type LoggedAttempt = Omit<Attempt, "at"> & { readonly at: number }
