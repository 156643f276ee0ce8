import { assert, describe, it } from "vitest"
import { JobPages } from "./JobPages.ts"

const newest = 1_000
const from = (first: number, last: number) =>
  Array.from({ length: first - last + 1 }, (_, index) => first - index)

/** Reads the whole list, pages of 100. */
const readAll = (pages: JobPages, first: number) => {
  for (let top = first; top > 0; top -= 100) {
    const page = pages.find(top === first ? Infinity : top)
    assert.isDefined(page)
    pages.onRead(
      page,
      {
        createdAt: from(top, top - 99),
        nextToken: top > 100 ? `after-${top - 99}` : undefined,
      },
      [],
    )
  }
}

describe("JobPages", () => {
  it("knows after one reading on which page each job is", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    assert.isUndefined(pages.find(950)?.token)
    assert.strictEqual(pages.find(850)?.token, "after-901")
    assert.strictEqual(pages.find(1)?.token, "after-101")
  })

  it("makes a page of what lies between the first and the second once new jobs have come", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    const first = pages.find(Infinity)
    assert.isDefined(first)
    pages.onRead(first, { createdAt: from(1_050, 951), nextToken: "after-951" }, [])
    assert.strictEqual(pages.find(920)?.token, "after-951")
    assert.strictEqual(pages.find(900)?.token, "after-901")
  })

  it("sends jobs of unknown age to what was not read, and to nowhere when all was", () => {
    const pages = new JobPages()
    assert.isDefined(pages.find(Number.NaN))
    readAll(pages, newest)
    assert.isUndefined(pages.find(Number.NaN))
  })

  it("ends at a token that comes back", () => {
    const pages = new JobPages()
    const first = pages.find(1)
    assert.isDefined(first)
    pages.onRead(first, { createdAt: from(1_000, 901), nextToken: "again" }, [])
    const second = pages.find(1)
    assert.isDefined(second)
    pages.onRead(second, { createdAt: from(900, 801), nextToken: "again" }, [])
    assert.strictEqual(pages.find(1), second)
  })

  it("reads anew from the top once its tokens are refused", () => {
    const pages = new JobPages()
    readAll(pages, newest)
    pages.forget()
    assert.isUndefined(pages.find(1)?.token)
  })
})
