import { describe, expect, it } from "vitest"
import { html } from "./html.ts"

describe("html", () => {
  it("escapes characters that could end a tag, an attribute, or an entity", () => {
    expect(html`<p title="${`"'`}">${"</p><script>&amp;"}</p>`.source).toBe(
      '<p title="&quot;&#39;">&lt;/p&gt;&lt;script&gt;&amp;amp;</p>',
    )
  })

  it("doesn't escape markup, also in lists", () => {
    expect(html`${["<", "b"].map((item) => html`<b>${item}</b>`)}`.source).toBe("<b>&lt;</b><b>b</b>")
  })

  it("leaves out undefined and false, but not 0", () => {
    expect(html`${undefined}${false}${0}`.source).toBe("0")
  })

  it("replaces characters that HTML can't contain", () => {
    expect(html`${"a\u0000b\u001Bc\uD800d\te\n"}`.source).toBe("a\uFFFDb\uFFFDc\uFFFDd\te\n")
  })
})
