import type { Json } from "../json.ts"

/** The charge for a job. It is made when the job is accepted, and refunded if the job fails. */
export interface LedgerEntry {
  readonly jobId: string
  /** Simulated epoch ms. */
  readonly at: number
  /** Path under `/v1`, such as `/generate/txt2img`. */
  readonly endpoint: string
  /** Compute units. */
  readonly price: number
  readonly refunded: boolean
  readonly body: Json
}

export interface LedgerReport {
  readonly entries: ReadonlyArray<LedgerEntry>
  /** The number of charged jobs, including refunded ones. */
  readonly paidJobs: number
  /** Compute units charged for IP detection, also on dry runs. Part of `spent`. */
  readonly fees: number
  /** Compute units charged, before refunds. */
  readonly spent: number
  /** Compute units refunded. */
  readonly refunded: number
}

type Charge = Omit<LedgerEntry, "refunded">

/** All charges. Whether a charge is refunded follows from the current status of its job. */
export class Ledger {
  readonly #charges: Array<Charge> = []
  #fees = 0

  charge(charge: Charge): void {
    this.#charges.push(charge)
  }

  /** Charges for something other than a job. */
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
