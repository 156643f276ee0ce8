import { describe, expect, it } from "vitest"
import { toFileLink } from "./toFileLink.ts"

describe("toFileLink", () => {
  it.each([
    ["house.png", "./house.png"],
    ["./a/./house.png", "./a/house.png"],
    ["red house/50% #1?.png", "./red%20house/50%25%20%231%3F.png"],
    ["maison_é_家.png", "./maison_%C3%A9_%E5%AE%B6.png"],
    ["javascript:alert(1)", "./javascript%3Aalert(1)"],
    ["http:example.png", "./http%3Aexample.png"],
    ['"onerror="x".png', "./%22onerror%3D%22x%22.png"],
    ["a\uD800.png", "./a%EF%BF%BD.png"],
    ["back\\slash.png", "./back%5Cslash.png"],
  ])("links %j as a file below the page", (path, link) => {
    expect(toFileLink(path)).toBe(link)
    expect(new URL(link, "file:///out/index.html").pathname.startsWith("/out/")).toBe(true)
  })

  it.each([
    "",
    "/etc/passwd",
    "//host/a.png",
    "../a.png",
    "a/../../b.png",
    "a//b.png",
    "C:\\a.png",
    "\\\\host\\a",
  ])("does not link %j", (path) => {
    expect(toFileLink(path)).toBeUndefined()
  })
})
