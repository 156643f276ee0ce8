/** A part of the account's list of jobs, which is ordered by age, the newest first. */
export interface JobPage {
  /** Opens it; absent for the first. */
  readonly token: string | undefined
  /** When its newest job was submitted, epoch milliseconds by Scenario's clock; infinite for the first page. */
  from: number
  /** The same of its oldest: what is older is on another page. Minus infinity at the end, and while it was not read. */
  to: number
  isRead: boolean
  /**
   * Since when none of what lies on it has gone unread: a wait that began before would have been seen there. Monotonic
   * milliseconds; minus infinity if a part of it was never read.
   */
  readAt: number
  /** Removed from the list: another page has its jobs now. */
  isGone: boolean
}

/** What a page showed. */
export interface PageReading {
  /** When its jobs were submitted, in its order; NaN if it doesn't say. */
  readonly createdAt: ReadonlyArray<number>
  readonly nextToken: string | undefined
}

/** What is known of a job's position on the list. */
export interface JobPosition {
  /** Epoch milliseconds by Scenario's clock; NaN if unknown. */
  readonly createdAt: number
  /** The page on which it was last. */
  readonly seenOn: JobPage | undefined
  /** Since when it is looked for, monotonic milliseconds. */
  readonly begunAt: number
}

/** Unneeded pages are forgotten when there are this many more than were needed at the last count. */
const maxUnneeded = 32

/**
 * The positions of jobs on the list. Pages open in sequence only, by the token of the one before; a known token
 * is used again. New jobs push the others back: the first page then no longer reaches the second, and what lies between
 * becomes a page of its own, to be read when a job on it is worth it.
 *
 * Pages on which no job is waited for are merged into one that has not been read, so that their number depends on the
 * waits of the moment and not on the days behind them.
 */
export class JobPages {
  #pages: Array<JobPage> = [unread(undefined, Infinity, -Infinity)]
  #maxPages = maxUnneeded

  /** How many are remembered. */
  get size(): number {
    return this.#pages.length
  }

  /**
   * The page on which a job was seen, or else the one that its age leads to. For an unknown age, the first page that was
   * not read since the wait began.
   * Jobs of one moment may lie on two pages: a job that isn't on the first must be on the second.
   */
  find({ createdAt, seenOn, begunAt }: JobPosition): JobPage | undefined {
    if (seenOn?.isGone === false) return seenOn
    if (Number.isNaN(createdAt)) return this.#pages.find(({ readAt }) => readAt < begunAt)
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

  /**
   * Keeps what a page showed whose request began at `at`. `waited` are the jobs that are waited for: pages without any are
   * merged in the long run.
   */
  onRead(
    page: JobPage,
    { createdAt, nextToken }: PageReading,
    at: number,
    waited: Iterable<JobPosition>,
  ): void {
    const index = this.#pages.indexOf(page)
    if (index === -1) return
    const oldest = createdAt.findLast((created) => !Number.isNaN(created))
    // A token that repeats would never end.
    const goesOn = nextToken !== undefined && nextToken !== page.token && oldest !== undefined
    page.isRead = true
    page.readAt = at
    page.to = goesOn ? oldest : -Infinity
    if (page.token !== undefined) page.from = createdAt.find((created) => !Number.isNaN(created)) ?? page.from
    const older = this.#pages.slice(index + 1)
    const beyond = goesOn ? older.filter((other) => other.to <= page.to) : []
    const kept = new Set(beyond)
    for (const other of older) other.isGone = !kept.has(other)
    const following = beyond[0]
    const isGap = goesOn && (following === undefined || following.from < page.to)
    const between = isGap ? [unread(nextToken, page.to, following?.from ?? -Infinity)] : []
    this.#pages = [...this.#pages.slice(0, index + 1), ...between, ...beyond]
    if (this.#pages.length > this.#maxPages) this.#merge(waited)
  }

  /** A token was refused: tokens don't live long here, so all pages are forgotten. */
  forget(): void {
    for (const page of this.#pages) page.isGone = true
    this.#pages = [unread(undefined, Infinity, -Infinity)]
  }

  #merge(waited: Iterable<JobPosition>): void {
    const needed = new Set<JobPage | undefined>([this.#pages[0]])
    for (const position of waited) needed.add(this.find(position))
    const merged: Array<JobPage> = []
    let gap: JobPage | undefined
    for (const page of this.#pages) {
      if (needed.has(page)) {
        gap = undefined
        merged.push(page)
        continue
      }
      page.isGone = true
      if (gap === undefined) {
        gap = { ...unread(page.token, page.from, page.to), readAt: page.readAt }
        merged.push(gap)
      } else {
        gap.to = page.to
        gap.readAt = Math.min(gap.readAt, page.readAt)
      }
    }
    this.#pages = merged
    this.#maxPages = merged.length + maxUnneeded
  }
}

const unread = (token: string | undefined, from: number, to: number): JobPage => ({
  token,
  from,
  to,
  isRead: false,
  readAt: -Infinity,
  isGone: false,
})
