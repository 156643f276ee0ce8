import { assert, describe, it } from "@effect/vitest"
import { endpoints } from "./EndpointTable.ts"

const job = { jobId: "job_1" }

describe("an inline result", () => {
  it("can be prompts, a translation, captions, a style, or a vector", () => {
    assert.deepStrictEqual(
      endpoints.prompt.readInlineResult?.({ job, prompts: ["a", "b"], mode: "structured" }),
      {
        _tag: "Prompts",
        prompts: ["a", "b"],
        mode: "structured",
      },
    )
    assert.deepStrictEqual(
      endpoints.translate.readInlineResult?.({ job, translation: "a house", detectedLanguage: null }),
      { _tag: "Translation", translation: "a house" },
    )
    assert.deepStrictEqual(endpoints.caption.readInlineResult?.({ job, captions: [] }), {
      _tag: "Captions",
      captions: [],
    })
    assert.deepStrictEqual(
      endpoints["describe-style"].readInlineResult?.({ description: "d", synthesis: "s" }),
      {
        _tag: "StyleDescription",
        description: "d",
        synthesis: "s",
      },
    )
    assert.deepStrictEqual(endpoints.embed.readInlineResult?.({ job, embedding: [0.1, -2] }), {
      _tag: "Embedding",
      embedding: [0.1, -2],
    })
  })

  it("can be segments, with what was requested of them", () => {
    assert.deepStrictEqual(
      endpoints.segment.readInlineResult?.({
        segments: [{ bbox: [0, 0, 9, 9], masks: ["asset_1"], message: "ok" }],
      }),
      {
        _tag: "Segments",
        segments: [{ bbox: [0, 0, 9, 9], masks: ["asset_1"], images: [], contours: [], message: "ok" }],
      },
    )
  })

  it("is undefined if a part of the result isn't what the API documents", () => {
    assert.isUndefined(endpoints.prompt.readInlineResult?.({ prompts: ["a", 1] }))
    assert.isUndefined(endpoints.embed.readInlineResult?.({ embedding: "none" }))
    assert.isUndefined(endpoints.caption.readInlineResult?.(undefined))
  })
})
