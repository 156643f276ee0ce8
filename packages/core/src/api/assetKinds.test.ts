import { assert, describe, it } from "@effect/vitest"
import { findMediaKind, fitsKind } from "./assetKinds.ts"

describe("a kind of asset", () => {
  it("excludes a MIME type only if no file of the kind can have it", () => {
    assert.isTrue(fitsKind("image/png", "image-hdr"))
    assert.isTrue(fitsKind("application/octet-stream", "3d"))
    assert.isTrue(fitsKind("model/gltf-binary", "3d"))
    assert.isTrue(fitsKind("video/mp4", "hologram"))
    assert.isFalse(fitsKind("video/mp4", "image"))
    assert.isFalse(fitsKind("audio/wav", "video"))
    assert.isFalse(fitsKind("image/png", "3d"))
    assert.isFalse(fitsKind("image/png", "text"))
  })

  it("follows from a MIME type only for media", () => {
    assert.strictEqual(findMediaKind("image/x-exr"), "image")
    assert.strictEqual(findMediaKind("model/stl"), "3d")
    assert.strictEqual(findMediaKind("text/plain"), undefined)
    assert.strictEqual(findMediaKind("application/pdf"), undefined)
  })
})
