import { describe, expect, it } from "vitest"
import { makeGlb } from "../test/makeGlb.ts"
import { makeWav } from "../test/makeWav.ts"
import { aGallery, anAsset, anEntry } from "../test/sample.ts"
import type { Gallery } from "./Gallery.ts"
import { renderGallery } from "./renderGallery.ts"

/** A gallery with the same text in all places that the API can fill. */
const filledWith = (text: string): Gallery =>
  aGallery({
    title: text,
    entries: [
      anEntry({
        title: text,
        endpoint: text,
        model: text,
        prompt: text,
        jobId: text,
        status: text,
        seed: text,
        timeline: [
          { status: text, at: "2026-01-01T00:00:00Z" },
          { status: "success", at: "2026-01-01T00:00:09Z" },
        ],
        output: text,
        error: { message: text, hint: text },
        assets: [
          anAsset({ file: `a${text}`, alt: text }),
          anAsset({ file: `b${text}`, mimeType: "text/plain", kind: text, text }),
          anAsset({ file: `c${text}`, mimeType: "audio/wav" }),
          anAsset({ file: `d${text}`, mimeType: "video/mp4" }),
          anAsset({ file: `e${text}`, mimeType: text, kind: text }),
        ],
      }),
    ],
    requests: { total: 1, byKind: { [text]: 1 } },
  })

/** The tags of the page with the names of their attributes. */
const listTags = (page: string) =>
  page.match(/<[^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""').replace(/\s+/g, " "))

const listAddresses = (page: string) =>
  [...page.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, address = ""]) => address)

describe("renderGallery", () => {
  it.each([
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    `" onmouseover="alert(1)`,
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<!-- -->]]>",
    "&quot;&#34;",
    "path with spaces #1 100% ?x=1&y=2",
    "\u202Egnp.exe \u0000 \uD800 家 🏠",
    "${alert(1)} {{7*7}} `",
  ])("has the same structure for any text: %j", (text) => {
    const page = renderGallery(filledWith(text))
    expect(listTags(page)).toEqual(listTags(renderGallery(filledWith("plain"))))
    for (const address of listAddresses(page)) expect(address).toMatch(/^(#|\.\/[^"<>\s]+$)/)
  })

  it("shows the primary file of a job first", () => {
    const page = renderGallery(
      aGallery({
        entries: [
          anEntry({
            assets: [
              anAsset({ assetId: "asset_thumbnail", file: "thumbnail.png" }),
              anAsset({ assetId: "asset_model", file: "model.png" }),
            ],
            primaryAssetId: "asset_model",
          }),
        ],
      }),
    )
    expect(page.indexOf("model.png")).toBeLessThan(page.indexOf("thumbnail.png"))
  })

  it("contains no script and no address of another site", () => {
    const page = renderGallery(filledWith("plain"))
    expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/)
    expect(page).toContain("default-src 'none'")
  })

  it("is the same for the same results", () => {
    expect(renderGallery(aGallery())).toBe(renderGallery(aGallery()))
  })

  it("describes pictures and jobs for screen readers", () => {
    const page = renderGallery(aGallery())
    expect(page).toContain('alt="a red house"')
    expect(page).toContain("queued for 1 s, in progress for 8 s, success after 9 s; polled 2 times")
  })

  it("shows pictures, audio, and video, and offers other files for download", () => {
    const assets = [
      anAsset(),
      anAsset({ file: "rain.wav", mimeType: "audio/wav", kind: "audio" }),
      anAsset({ file: "walk.mp4", mimeType: "video/mp4", kind: "video" }),
      anAsset({ file: "chest.glb", mimeType: "model/gltf-binary", kind: "3d" }),
      anAsset({ file: "sky.hdr", mimeType: "image/vnd.radiance", kind: "image-hdr" }),
    ]
    const page = renderGallery(aGallery({ entries: [anEntry({ assets })] }))
    expect(page).toMatch(/<img\s+src="\.\/house\.png"/)
    expect(page).toMatch(/<audio[^>]*\ssrc="\.\/rain\.wav"/)
    expect(page).toMatch(/<video[^>]*\ssrc="\.\/walk\.mp4#t=0\.001"/)
    expect(page).toMatch(/href="\.\/chest\.glb" download="chest\.glb"/)
    expect(page).toMatch(/href="\.\/sky\.hdr" download="sky\.hdr"/)
  })

  it("keeps the white space of a text", () => {
    const page = renderGallery(aGallery({ entries: [anEntry({ assets: [], output: "one\n  two" })] }))
    expect(page).toContain(">one\n  two</blockquote>")
  })

  it("draws the waveform of a WAV and shows its length", () => {
    const content = makeWav(Array.from({ length: 1500 }, (_, index) => Math.sin(index)))
    const asset = anAsset({ file: "rain.wav", mimeType: "audio/wav", kind: "audio", content })
    const page = renderGallery(aGallery({ entries: [anEntry({ assets: [asset] })] }))
    expect(page.match(/<rect/g)?.length).toBeGreaterThan(20)
    expect(page).toContain("1.5 s")
  })

  it("turns a GLB with radio buttons, without a script", () => {
    const asset = anAsset({
      file: "chest.glb",
      mimeType: "model/gltf-binary",
      kind: "3d",
      content: makeGlb(),
    })
    const page = renderGallery(aGallery({ entries: [anEntry(), anEntry({ assets: [asset] })] }))
    expect(page).toContain('role="radiogroup" aria-label="Turn the 3D model: a red house"')
    expect(page.match(/<input type="radio" name="asset-2-1"/g)).toHaveLength(18)
    expect(page.match(/<input type="radio" name="asset-2-1"[^>]* checked/g)).toHaveLength(1)
    expect(page).toMatch(/src="data:image\/jpeg;base64,[^"]{1000,}"\s+alt="a red house"/)
    expect(page).toContain('href="./chest.glb"')
    // Drawing takes a second, or several on a busy machine.
  }, 60_000)

  it("shows the preview of a 3D model that can't be drawn, and of a video before it plays", () => {
    const assets = [
      anAsset({
        file: "chest.fbx",
        mimeType: "model/fbx",
        kind: "3d",
        preview: "chest.png",
        content: new Uint8Array(9),
      }),
      anAsset({ file: "walk.mp4", mimeType: "video/mp4", kind: "video", preview: "walk.png" }),
      anAsset({ file: "far.obj", mimeType: "model/obj", kind: "3d", preview: "../far.png" }),
    ]
    const page = renderGallery(aGallery({ entries: [anEntry({ assets })] }))
    expect(page).toMatch(/href="\.\/chest\.fbx"[^>]*><img\s+src="\.\/chest\.png"/)
    expect(page).toMatch(/<video[^>]*\sposter="\.\/walk\.png"/)
    expect(page).toMatch(/href="\.\/far\.obj" download="far\.obj"/)
  })

  it.each([
    [["wide", "wide"], "stack"],
    [["tall", "tall"], "pairs"],
    [["tall", "tall", "tall"], "first"],
    [["wide", "wide", "wide", "wide"], "pairs"],
  ])("arranges pictures that are %j as %s", (shapes, layout) => {
    const assets = shapes.map((shape) =>
      shape === "wide" ? anAsset({ width: 1024, height: 768 }) : anAsset({ width: 768, height: 1024 }),
    )
    expect(renderGallery(aGallery({ entries: [anEntry({ assets })] }))).toContain(`data-layout="${layout}"`)
  })

  it("names a file outside of its folder without a link", () => {
    const page = renderGallery(
      aGallery({ entries: [anEntry({ assets: [anAsset({ file: "../../secret.png" })] })] }),
    )
    expect(page).toContain("secret.png")
    expect(listAddresses(page).filter((address) => address.includes("secret"))).toEqual([])
  })

  it("shows totals of jobs, files, bytes, requests, compute units, and time", () => {
    const entries = [anEntry({ assets: [anAsset(), anAsset()] }), anEntry({ status: "failure", assets: [] })]
    const page = renderGallery(aGallery({ entries, requests: { total: 12, saved: 30 }, cost: 7.5 }))
    const totals = [...page.matchAll(/<dd>\s*([^<]*?)\s*(?:<small>([^<]*)<\/small>)?\s*<\/dd>/g)].map(
      ([, ...each]) => each,
    )
    expect(totals).toEqual([
      ["2", "1 success, 1 failure"],
      ["2", "2.8 kB"],
      ["12", "30 fewer than one by one"],
      ["7.5", undefined],
      ["9.5 s", "first event to last"],
    ])
  })

  it("has no timeline for jobs without dates, and says if there are no jobs", () => {
    expect(renderGallery(aGallery({ entries: [] }))).toContain("No generations yet.")
    expect(renderGallery(aGallery({ entries: [anEntry({ timeline: [], polls: [] })] }))).not.toContain(
      "Timeline",
    )
  })
})
