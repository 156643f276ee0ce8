/** A stretch of the account's list of jobs, which is ordered by age, the newest first. */
export interface JobPage {
  /** Opens it; none for the first. */
  readonly token: string | undefined
  /** When its newest job was submitted, epoch milliseconds by Scenario's clock; infinite for the first page. */
  from: number
  /** The same of its oldest: what is older is on another page. Minus infinity at the end, and while it was not read. */
  to: number
  isRead: boolean
  /** Taken off the list: another page has its jobs now. */
  isGone: boolean
}

/** What a page showed. */
export interface PageReading {
  /** When its jobs were submitted, in its order; NaN where it does not say. */
  readonly createdAt: ReadonlyArray<number>
  readonly nextToken: string | undefined
}

/**
 * What is known of where jobs are on the list. Pages open in sequence only, by the token of the one before; a token once
 * had is used again. New jobs push the others back: the first page then no longer reaches the second, and what lies
 * between becomes a page of its own, to be read when somebody on it is worth it.
 */
export class JobPages {
  #pages: Array<JobPage> = [unread(undefined, Infinity, -Infinity)]

  /**
   * The page where a job was seen, or else is to be found by its age; for an unknown age, the first that was not read.
   * Jobs of one moment may lie on two pages: who was not seen on the one must be on the next.
   */
  pageOf(createdAt: number, seenOn?: JobPage): JobPage | undefined {
    if (seenOn?.isGone === false) return seenOn
    if (Number.isNaN(createdAt)) return this.#pages.find((page) => !page.isRead)
    let low = 0
    let high = this.#pages.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pages[middle]?.to ?? -Infinity) < createdAt) high = middle
      else low = middle + 1
    }
    return this.#pages[low]
  }

  /** Whether a job of this age must have been on a page that was just read. */
  static holds(page: JobPage, createdAt: number): boolean {
    return createdAt > page.to && createdAt < page.from
  }

  read(page: JobPage, { createdAt, nextToken }: PageReading): void {
    const index = this.#pages.indexOf(page)
    if (index === -1) return
    const oldest = createdAt.findLast((at) => !Number.isNaN(at))
    // A token that comes back would lead round in a circle.
    const goesOn = nextToken !== undefined && nextToken !== page.token && oldest !== undefined
    page.isRead = true
    page.to = goesOn ? oldest : -Infinity
    if (page.token !== undefined) page.from = createdAt.find((at) => !Number.isNaN(at)) ?? page.from
    const older = this.#pages.slice(index + 1)
    const beyond = goesOn ? older.filter((other) => other.to <= page.to) : []
    for (const other of older) other.isGone = !beyond.includes(other)
    const following = beyond[0]
    const isGap = goesOn && (following === undefined || following.from < page.to)
    const between = isGap ? [unread(nextToken, page.to, following?.from ?? -Infinity)] : []
    this.#pages = [...this.#pages.slice(0, index + 1), ...between, ...beyond]
  }

  /** A token was refused: they do not live long here, so all are forgotten. */
  forget(): void {
    for (const page of this.#pages) page.isGone = true
    this.#pages = [unread(undefined, Infinity, -Infinity)]
  }
}

const unread = (token: string | undefined, from: number, to: number): JobPage => ({
  token,
  from,
  to,
  isRead: false,
  isGone: false,
})
