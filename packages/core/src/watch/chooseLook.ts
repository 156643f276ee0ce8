import { clamp } from "./clamp.ts"
import type { JobPage, JobPages } from "./JobPages.ts"
import type { Wait } from "./Wait.ts"

/** One request that shows one job, or a page of them. */
type LookAtWaits =
  | { readonly _tag: "OneJob"; readonly wait: Wait }
  | { readonly _tag: "Page"; readonly page: JobPage; readonly company: ReadonlyArray<Wait> }

/** A request of the scheduler. `Finished` is a page of jobs that have ended: they teach how long jobs take. */
export type Look = LookAtWaits | { readonly _tag: "Finished" }

/** What to look at now, or until when nothing is worth a request (epoch milliseconds). */
export type Choice = LookAtWaits | { readonly _tag: "Nothing"; readonly until: number }

export interface Situation {
  readonly now: number
  readonly waits: Iterable<Wait>
  /** How many they are. */
  readonly count: number
  readonly pages: JobPages
  /** Whether pages may be read at all. */
  readonly mayList: boolean
  /** True when it is the turn of whoever has waited longest beyond their time, so that nobody starves. */
  readonly isForLatest: boolean
}

/** The API's limit of `GET /jobs`. */
export const largestPage = 200

/** From so many jobs on in one request, its page is worth more than the look at one of them. */
const leastTogether = 2

/**
 * The request that is worth most: the delay that has probably built up, of one job or of all on its page together. A
 * page costs what a look at one job does, so it is read as soon as together they are worth what none is alone.
 */
export const chooseLook = (situation: Situation): Choice => {
  const { now, count, pages } = situation
  const alone: Array<Wait> = []
  const companies = new Map<JobPage, Array<Wait>>()
  for (const wait of situation.waits) {
    if (wait.isCovered) continue
    const page = situation.mayList && !wait.isUnlisted ? pages.pageOf(wait.createdAt, wait.seenOn) : undefined
    const company = page === undefined ? alone : companyOn(companies, page)
    company.push(wait)
  }
  const offers: Array<Offer> = []
  for (const [page, company] of companies) {
    if (company.length < leastTogether) alone.push(...company)
    else {
      offers.push({ look: { _tag: "Page", page, company }, price: priceOfPage(company, count) })
      if (count <= fewTogether) offers.push(...offersBeside(company, now))
    }
  }
  for (const wait of alone) offers.push(offerOf(wait, clamp(count / manyTogether, 1, mostForOne)))
  const best = mostOf(
    offers.filter(({ look, price }) => valueOf(look, now) >= price),
    ({ look }) => (situation.isForLatest ? latenessOf(look, now) : valueOf(look, now)),
  )
  if (best !== undefined) return narrowed(best.look, now)
  return { _tag: "Nothing", until: Math.max(now + 1, nextWorth(offers, now)) }
}

/** A look, and the expected delay, in milliseconds of all its jobs together, from which on it is worth a request. */
interface Offer {
  readonly look: LookAtWaits
  readonly price: number
}

const offerOf = (wait: Wait, times: number): Offer => ({
  look: { _tag: "OneJob", wait },
  price: times * wait.worthMs,
})

/**
 * Of a few, one that ends long before the others must not wait until their page is worth a request. Where they end
 * together a look at one of them alone only comes before the page that shows all.
 */
const offersBeside = (company: ReadonlyArray<Wait>, now: number): ReadonlyArray<Offer> => {
  const all = company.reduce((total, wait) => total + wait.delayAt(now), 0)
  return company.map((wait) => {
    const own = wait.delayAt(now)
    const isDueAmongOthers = own >= wait.worthMs && all > mostlyOne * own
    return offerOf(wait, isDueAmongOthers ? leaveFromCompany : 1)
  })
}

const companyOn = (companies: Map<JobPage, Array<Wait>>, page: JobPage): Array<Wait> => {
  const known = companies.get(page)
  if (known !== undefined) return known
  const company: Array<Wait> = []
  companies.set(page, company)
  return company
}

/** Expected delay so far, in milliseconds of all its jobs together. */
const valueOf = (look: LookAtWaits, time: number): number => {
  if (look._tag === "OneJob") return look.wait.delayAt(time)
  const sum = look.company.reduce((total, wait) => total + wait.delayAt(time), 0)
  // Beyond the last known page lie all that are older, and one page shows no more of them than a page holds.
  return sum * Math.min(1, largestPage / look.company.length)
}

/**
 * Each wait has its own price; jobs that share a request are looked at a little more often than each would be alone, and
 * of a fleet every job waits a little, for the others.
 */
const priceOfPage = (company: ReadonlyArray<Wait>, count: number): number => {
  const own = company.reduce((total, wait) => total + wait.worthMs, 0) / company.length
  return Math.max(own * clamp(count / 3, 1, manyTogether / 3), priceInFleet(count) * cheapnessOf(own))
}

const manyTogether = 20
const mostForOne = 4

const fewTogether = 10
/** The price of one whose page is not worth a request yet, in its own prices. */
const leaveFromCompany = 10

/** A thousand jobs together wait a hundred seconds for a request: each of the two hundred on a page half a second. */
const priceInFleet = (count: number): number =>
  count < smallestFleet ? 0 : 99 * (count + Math.min(24, 1.5 * count))

const smallestFleet = 5

/** Of slow jobs fewer end in a minute, so that there is more room for requests: the slower, the cheaper they are. */
const cheapnessOf = (ownPrice: number): number => Math.min(1, Math.sqrt(priceOfQuick / ownPrice))

/** The price of a job that takes some 40 seconds. Milliseconds. */
const priceOfQuick = 150

const latenessOf = (look: LookAtWaits, now: number): number =>
  look._tag === "OneJob"
    ? now - look.wait.nextAt
    : look.company.reduce((most, wait) => Math.max(most, now - wait.nextAt), -Infinity)

/** What all on a page may be worth together, where it is one job's matter. */
const mostlyOne = 1.1

/** A page whose worth is nearly all one job's says no more than that job, and more is sent for it. */
const narrowed = (look: LookAtWaits, now: number): LookAtWaits => {
  if (look._tag === "OneJob") return look
  const first = mostOf(look.company, (wait) => wait.delayAt(now))
  const isOneMatter = first !== undefined && valueOf(look, now) < mostlyOne * first.delayAt(now)
  return isOneMatter ? { _tag: "OneJob", wait: first } : look
}

/** When the first of them will be worth a request. */
const nextWorth = (offers: ReadonlyArray<Offer>, now: number): number =>
  offers.reduce((until, offer) => Math.min(until, timeOfWorth(offer, now, until)), now + longestIdleMs)

/** Found by steps that grow, then by halves: a look's value only grows with time. */
const timeOfWorth = ({ look, price }: Offer, now: number, latest: number): number => {
  let early = now
  let late = Math.min(latest, now + shortestStepMs)
  while (valueOf(look, late) < price) {
    if (late >= latest) return latest
    early = late
    late = Math.min(latest, now + (late - now) * 1.5)
  }
  while (late - early > shortestStepMs) {
    const middle = (early + late) / 2
    if (valueOf(look, middle) < price) early = middle
    else late = middle
  }
  return late
}

const shortestStepMs = 10
/** Where nothing is due for longer, it is decided on again. */
const longestIdleMs = 600_000

const mostOf = <A>(items: ReadonlyArray<A>, measure: (item: A) => number): A | undefined => {
  let best: A | undefined
  let most = -Infinity
  for (const item of items) {
    const value = measure(item)
    if (value > most) {
      most = value
      best = item
    }
  }
  return best
}
