import type { Json } from "../json.ts"

/** One charge: made when the job is accepted, taken back when it fails (unless refunds are off for it). */
export interface LedgerEntry {
  readonly jobId: string
  /** Simulated epoch ms. */
  readonly at: number
  /** Path under `/v1`, such as `/generate/txt2img`. */
  readonly endpoint: string
  /** Compute Units. */
  readonly price: number
  readonly refunded: boolean
  readonly body: Json
}

export interface LedgerReport {
  readonly entries: ReadonlyArray<LedgerEntry>
  /** How many jobs were charged for, refunded ones included. */
  readonly paidJobs: number
  /** Compute Units charged beside jobs: for IP detection, dry runs included. Part of `spent`. */
  readonly fees: number
  /** Compute Units charged, before refunds. */
  readonly spent: number
  /** Compute Units given back. */
  readonly refunded: number
}

type Charge = Omit<LedgerEntry, "refunded">

/** Who was charged for what. Whether a charge came back is asked of the job, at the time of asking. */
export class Ledger {
  readonly #charges: Array<Charge> = []
  #fees = 0

  charge(charge: Charge): void {
    this.#charges.push(charge)
  }

  /** For a service that makes no job. */
  chargeFee(price: number): void {
    this.#fees += price
  }

  report(isRefunded: (jobId: string) => boolean): LedgerReport {
    const entries = this.#charges.map((charge) => ({ ...charge, refunded: isRefunded(charge.jobId) }))
    const sum = (list: ReadonlyArray<LedgerEntry>) => list.reduce((total, entry) => total + entry.price, 0)
    return {
      entries,
      paidJobs: entries.length,
      fees: this.#fees,
      spent: sum(entries) + this.#fees,
      refunded: sum(entries.filter((entry) => entry.refunded)),
    }
  }
}
