import { assert, describe, it } from "vitest"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { checkInputs } from "./checkInputs.ts"
import { Result } from "effect"

const image: InputDescriptor = { name: "image", type: "file", kind: "image" }

const findIssues = (value: string) =>
  Result.match(checkInputs([image], { image: value }), {
    onFailure: (issues) => issues,
    onSuccess: () => [],
  })

describe("text for a file input", () => {
  it.each([
    "cat.png",
    "./cat.png",
    "../cat",
    "/tmp/cat",
    "~/cat.webp",
    "C:\\cat.png",
    "C:/cat.png",
    "pictures\\cat",
    "file:///tmp/cat.png",
    "CAT.JPG",
  ])("is refused with advice if it looks like a path: %s", (path) => {
    const [issue] = findIssues(path)
    assert.include(issue?.message, "localFile(path)")
    assert.include(issue?.message, path)
  })

  it.each(["asset_Aq1", "U3PCs8OoQbmiTzl91FHQhw", "https://host/cat.png", "data:image/png;base64,AAAA"])(
    "is accepted if it is an ID, a URL, or a data URL: %s",
    (value) => {
      assert.deepStrictEqual(findIssues(value), [])
    },
  )

  it("is refused without showing its content if it is base64 without the head of a data URL", () => {
    const [issue] = findIssues("iVBORw0KGgo/".repeat(100_000))
    assert.isBelow(issue?.message.length ?? Infinity, 200)
  })
})

describe("text for a number", () => {
  it("is refused at once if it has a million digits and a letter, although a quadratic pattern would take hours", () => {
    const checked = checkInputs([{ name: "n", type: "number" }], { n: `${"1".repeat(1_000_000)}x` })
    assert.isTrue(Result.isFailure(checked))
  })
})
