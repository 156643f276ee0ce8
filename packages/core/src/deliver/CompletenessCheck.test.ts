import { assert, describe, it } from "vitest"
import { CompletenessCheck } from "./CompletenessCheck.ts"

const binary = (...parts: ReadonlyArray<string | number>) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : Array.from(part, (one) => one.charCodeAt(0)),
    ),
  )
const some = (count: number) => Array.from({ length: count }, (_, index) => (index % 7) + 1)
const box = (name: string, body: number) => [0, 0, 0, body + 8, name, ...some(body)]

const completeFiles: ReadonlyArray<readonly [name: string, file: Uint8Array]> = [
  [
    "PNG",
    binary(0x89, "PNG\r\n", 0x1a, "\n", 0, 0, 0, 13, "IHDR", ...some(300), "IEND", 0xae, 0x42, 0x60, 0x82),
  ],
  ["JPEG", binary(0xff, 0xd8, 0xff, 0xe0, 0, 16, "JFIF", ...some(300), 0xff, 0xd9)],
  ["GIF", binary("GIF89a", ...some(300), ";")],
  ["WebP", binary("RIFF", 44, 1, 0, 0, "WEBP", ...some(296))],
  ["GLB", binary("glTF", 2, 0, 0, 0, 44, 1, 0, 0, ...some(288))],
  ["MP4", binary(...box("ftyp", 24), ...box("free", 0), ...box("moov", 100), ...box("mdat", 120))],
  [
    "MOV with a long box",
    binary(...box("moov", 40), 0, 0, 0, 1, "mdat", 0, 0, 0, 0, 0, 0, 0, 40, ...some(24)),
  ],
  ["PDF", binary("%PDF-1.7", ...some(300), "%%EOF\n")],
  ["ZIP", binary("PK", 3, 4, ...some(300), "PK", 5, 6, ...some(18))],
  ["SVG", binary("<svg>", ...some(300), "</svg>\n")],
  ["glTF", binary('{"asset":{"version":"2.0","generator":"', "x".repeat(300), '"}}\n')],
  [
    "WebM",
    binary(
      0x1a,
      0x45,
      0xdf,
      0xa3,
      0x87,
      0x42,
      0x82,
      0x84,
      "webm",
      0x18,
      0x53,
      0x80,
      0x67,
      0x41,
      0x00,
      ...some(256),
    ),
  ],
]

const check = (file: Uint8Array, chunkBytes: number) => {
  const end = new CompletenessCheck()
  for (let at = 0; at < file.length; at += chunkBytes) end.push(file.subarray(at, at + chunkBytes))
  return end.get()
}

describe("CompletenessCheck", () => {
  it.each(completeFiles)("recognizes a complete %s, in chunks of any size", (_, file) => {
    for (const chunkBytes of [1, 7, 100, 10_000]) assert.strictEqual(check(file, chunkBytes), "complete")
  })

  it.each(completeFiles)("recognizes a truncated %s", (_, file) => {
    for (const kept of [60, file.length >> 1, file.length - 20]) {
      assert.strictEqual(check(file.subarray(0, kept), 50), "truncated", `${kept} bytes`)
    }
  })

  it.each([
    ["an OBJ", binary("v 1 2 3\n".repeat(50))],
    ["an MP3", binary(0xff, 0xfb, 0x90, 0x64, ...some(300))],
    ["a streamed WAV", binary("RIFF", 0xff, 0xff, 0xff, 0xff, "WAVE", ...some(300))],
    ["a video whose last box has no size", binary(...box("moov", 40), 0, 0, 0, 0, "mdat", ...some(100))],
    ["a file that only begins like a PNG", binary(0x89, "PNG\r\n", 0x1a, "\n", ...some(300))],
  ])("does not know whether %s is complete", (_, file) => {
    assert.strictEqual(check(file, 50), "unknown")
  })
})
