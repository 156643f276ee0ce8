import { describe, expect, it } from "vitest"
import { html } from "./html.ts"

describe("html", () => {
  it("escapes what could end a tag, an attribute or an entity", () => {
    expect(html`<p title="${`"'`}">${"</p><script>&amp;"}</p>`.source).toBe(
      '<p title="&quot;&#39;">&lt;/p&gt;&lt;script&gt;&amp;amp;</p>',
    )
  })

  it("keeps markup that was made the same way, by itself and in lists", () => {
    expect(html`${["<", "b"].map((item) => html`<b>${item}</b>`)}`.source).toBe("<b>&lt;</b><b>b</b>")
  })

  it("leaves out what is absent, but not a zero", () => {
    expect(html`${undefined}${false}${0}`.source).toBe("0")
  })

  it("replaces characters that HTML cannot hold", () => {
    expect(html`${"a\u0000b\u001Bc\uD800d\te\n"}`.source).toBe("a\uFFFDb\uFFFDc\uFFFDd\te\n")
  })
})
