import { assert, describe, it } from "vitest"
import { JobPages } from "./JobPages.ts"

const newest = 1_000
const from = (first: number, last: number) =>
  Array.from({ length: first - last + 1 }, (_, index) => first - index)

const find = (pages: JobPages, createdAt: number, begunAt = 0) =>
  pages.find({ createdAt, seenOn: undefined, begunAt })

/** Reads the whole list, pages of 100. */
const readAll = (pages: JobPages, first: number) => {
  for (let top = first; top > 0; top -= 100) {
    const page = find(pages, top === first ? Infinity : top)
    assert.isDefined(page)
    pages.onRead(
      page,
      {
        createdAt: from(top, top - 99),
        nextToken: top > 100 ? `after-${top - 99}` : undefined,
      },
      0,
      [],
    )
  }
}

describe("JobPages", () => {
  it("knows after one reading on which page each job is", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    assert.isUndefined(find(pages, 950)?.token)
    assert.strictEqual(find(pages, 850)?.token, "after-901")
    assert.strictEqual(find(pages, 1)?.token, "after-101")
  })

  it("makes a page of what lies between the first and the second once new jobs have come", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    const first = find(pages, Infinity)
    assert.isDefined(first)
    pages.onRead(first, { createdAt: from(1_050, 951), nextToken: "after-951" }, 0, [])
    assert.strictEqual(find(pages, 920)?.token, "after-951")
    assert.strictEqual(find(pages, 900)?.token, "after-901")
  })

  it("looks for jobs of unknown age on unread pages, and nowhere once all were read", () => {
    const pages = new JobPages()
    assert.isDefined(find(pages, Number.NaN))
    readAll(pages, newest)
    assert.isUndefined(find(pages, Number.NaN))
  })

  it("sends jobs of unknown age that are looked for since then through it again, from its top", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    const first = find(pages, Number.NaN, 1)
    assert.strictEqual(first, find(pages, Infinity))
    assert.isDefined(first)
    pages.onRead(first, { createdAt: from(1_000, 901), nextToken: "after-901" }, 1, [])
    assert.strictEqual(find(pages, Number.NaN, 1)?.token, "after-901")
  })

  it("never sends them to pages again that were merged because nothing else is waited for there", () => {
    const pages = new JobPages()
    const beyond = { createdAt: Number.NaN, seenOn: undefined, begunAt: 0 }
    for (let top = 100_000; top > 90_000; top -= 100) {
      const page = pages.find(beyond)
      assert.isDefined(page)
      assert.strictEqual(page.token, top === 100_000 ? undefined : `after-${top + 1}`)
      pages.onRead(page, { createdAt: from(top, top - 99), nextToken: `after-${top - 99}` }, 0, [beyond])
    }
    assert.isBelow(pages.size, 60)
  })

  it("ends at a token that comes back", () => {
    const pages = new JobPages()
    const first = find(pages, 1)
    assert.isDefined(first)
    pages.onRead(first, { createdAt: from(1_000, 901), nextToken: "again" }, 0, [])
    const second = find(pages, 1)
    assert.isDefined(second)
    pages.onRead(second, { createdAt: from(900, 801), nextToken: "again" }, 0, [])
    assert.strictEqual(find(pages, 1), second)
  })

  it("reads from the first page again once its tokens are refused", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    pages.forget()
    assert.isUndefined(find(pages, 1)?.token)
  })
})
