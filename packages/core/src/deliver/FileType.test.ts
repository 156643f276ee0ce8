import { assert, describe, it } from "vitest"
import { getExtension, findTypeByName } from "./fileExtensions.ts"
import { sniffType, chooseType, findTypeMismatch } from "./FileType.ts"

const text = (value: string) => new TextEncoder().encode(value)
const binary = (...parts: ReadonlyArray<string | number>) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : Array.from(part, (one) => one.charCodeAt(0)),
    ),
  )
const makeBox = (name: string, more = "") =>
  binary(0, 0, 0, 32, name, more, ...Array.from({ length: 32 }, () => 0))
const bitmap = binary("BM", 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0)
const zeros = (count: number) => Array.from({ length: count }, () => 0)

const png = binary(0x89, "PNG\r\n", 0x1a, "\n", 0, 0, 0, 13)
const jpeg = binary(0xff, 0xd8, 0xff, 0xe0, 0, 16)

type Sniffed = readonly [name: string, head: Uint8Array, type: string | undefined]

describe("sniffType", () => {
  it.each<Sniffed>([
    ["PNG", png, "image/png"],
    ["JPEG", jpeg, "image/jpeg"],
    ["GIF", binary("GIF89a"), "image/gif"],
    ["WebP", text("RIFF....WEBPVP8 "), "image/webp"],
    ["AVIF", makeBox("ftyp", "avif"), "image/avif"],
    ["AVIF as mif1", binary(0, 0, 0, 24, "ftypmif1", 0, 0, 0, 0, "mif1avif"), "image/avif"],
    ["HEIC", makeBox("ftyp", "heic"), "image/heic"],
    ["HEIC as mif1", binary(0, 0, 0, 24, "ftypmif1", 0, 0, 0, 0, "mif1heic"), "image/heic"],
    ["BMP", bitmap, "image/bmp"],
    ["TIFF", binary("II*", 0), "image/tiff"],
    ["BigTIFF, little end first", binary("II+", 0, 8, 0, 0, 0), "image/tiff"],
    ["BigTIFF, big end first", binary("MM", 0, "+", 0, 8), "image/tiff"],
    ["EXR", binary(0x76, 0x2f, 0x31, 1), "image/x-exr"],
    ["Radiance", text("#?RADIANCE\n"), "image/vnd.radiance"],
    ["Photoshop", binary("8BPS", 0, 1), "image/vnd.adobe.photoshop"],
    ["JPEG XL", binary(0xff, 0x0a), "image/jxl"],
    ["JPEG XL in boxes", binary(0, 0, 0, 12, "JXL "), "image/jxl"],
    ["ICO", binary(0, 0, 1, 0, 2, 0, 16, 16, 0, 0), "image/x-icon"],
    ["WAV", text("RIFF....WAVEfmt "), "audio/wav"],
    ["RF64", text("RF64....WAVEds64"), "audio/wav"],
    ["AVI", text("RIFF....AVI LIST"), "video/x-msvideo"],
    ["FLAC", text("fLaC"), "audio/flac"],
    ["Ogg", text("OggS"), "audio/ogg"],
    ["MP3 with a tag", text("ID3\u0004"), "audio/mpeg"],
    ["MP3, MPEG 1", binary(0xff, 0xfb, 0x90, 0x64), "audio/mpeg"],
    ["MP3, MPEG 2", binary(0xff, 0xf3, 0x48, 0xc4), "audio/mpeg"],
    ["MP3, MPEG 2.5", binary(0xff, 0xe3, 0x18, 0xc4), "audio/mpeg"],
    ["MP3 after padding", binary(...zeros(300), 0xff, 0xfa, 0x90, 0x64), "audio/mpeg"],
    ["AAC", binary(0xff, 0xf1, 0x50, 0x80), "audio/aac"],
    ["M4A", makeBox("ftyp", "M4A "), "audio/mp4"],
    ["MP4", makeBox("ftyp", "isom"), "video/mp4"],
    ["MP4 that begins with styp", makeBox("styp", "msdh"), "video/mp4"],
    ["MOV", makeBox("ftyp", "qt  "), "video/quicktime"],
    ...["moov", "mdat", "wide", "free", "skip"].map((name): Sniffed => [
      `MOV that begins with ${name}`,
      makeBox(name),
      "video/quicktime",
    ]),
    [
      "WebM",
      binary(0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x84, "webm"),
      "video/webm",
    ],
    ["Matroska", binary(0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x82, 0x88, "matroska"), "video/x-matroska"],
    ["GLB", text("glTF\u0002"), "model/gltf-binary"],
    ["glTF", text('{"asset":{"version":"2.0"}}'), "model/gltf+json"],
    ["FBX", text("Kaydara FBX Binary"), "model/fbx"],
    ["FBX as text", text("; FBX 7.4.0 project file"), "model/fbx"],
    ["PLY", text("ply\nformat binary_little_endian 1.0"), "model/ply"],
    ["PDF", text("%PDF-1.7"), "application/pdf"],
    ["ZIP", binary("PK", 3, 4), "application/zip"],
    ["HTML", text("<!DOCTYPE html><html>"), "text/html"],
    ["SVG", text("  <svg xmlns="), "image/svg+xml"],
    [
      "SVG after a prologue",
      text(
        '\uFEFF<?xml version="1.0"?>\n<!-- by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg>',
      ),
      "image/svg+xml",
    ],
    ["XML", text("<?xml version='1.0'?><Error>"), "application/xml"],
    ["JSON", text('{"message":"Forbidden"}'), "application/json"],
    ["OBJ", text("o cube\nv 0 0 0"), undefined],
    ["text that begins with BM", text("BMW builds cars in Munich and elsewhere"), undefined],
    ["text that begins with a byte order mark", binary(0xff, 0xfe, "h", 0, "i", 0), undefined],
    ["an empty file", new Uint8Array(), undefined],
  ])("recognizes %s", (_, head, expected) => {
    assert.strictEqual(sniffType(head), expected)
  })
})

describe("findTypeMismatch", () => {
  it.each([
    ["another image format, because the CDN converts", "image/png", jpeg],
    ["an unknown signature", "image/png", text("a future format")],
    ["a model as text", "model/obj", text("o cube")],
    ["a model as XML", "model/vnd.collada+xml", text("<?xml version='1.0'?><COLLADA>")],
    ["a model as JSON", "model/gltf+json", text('{"scenes":[]}')],
    ["an SVG after a prologue", "image/svg+xml", text("<?xml version='1.0'?><svg>")],
    ["a text about HTML", "text/plain", text("<html> is an element")],
    ["a JSON file", "application/json", text('{"error":null}')],
    ["a video that begins with its frames", "video/mp4", makeBox("mdat")],
  ])("accepts %s", (_, mimeType, head) => {
    assert.isUndefined(findTypeMismatch(mimeType, head))
  })

  it.each([
    ["image/png", undefined, text("<html><body>Access denied"), "a web page"],
    ["video/mp4", undefined, text("<?xml version='1.0'?><Error>"), "an XML message"],
    ["model/obj", undefined, text("<?xml version='1.0'?><Error>"), "an XML message"],
    ["image/png", undefined, text('{"message":"Forbidden"}'), "a JSON message"],
    ["application/octet-stream", "3d", text("<!doctype html><title>"), "a web page"],
    ["application/octet-stream", "video", text("<Error><Code>AccessDenied"), "an XML message"],
  ])("rejects an error response instead of %s (%s)", (mimeType, kind, head, words) => {
    assert.include(findTypeMismatch(mimeType, head, kind), words)
  })
})

describe("chooseType", () => {
  it.each([
    ["image/png", jpeg, "image/jpeg"],
    ["application/octet-stream", text("glTF\u0002"), "model/gltf-binary"],
    ["model/vnd.usdz+zip", binary("PK", 3, 4), "model/vnd.usdz+zip"],
    ["image/png", binary("PK", 3, 4), "application/zip"],
    ["image/svg+xml", text("<?xml version='1.0'?>"), "image/svg+xml"],
    ["video/mp4", makeBox("moov"), "video/mp4"],
    ["video/quicktime", makeBox("wide"), "video/quicktime"],
    ["audio/mp4", makeBox("ftyp", "isom"), "audio/mp4"],
    ["audio/opus", text("OggS"), "audio/opus"],
    ["video/webm", binary(0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x82, 0x88, "matroska"), "video/x-matroska"],
    ["text/plain", bitmap, "text/plain"],
    ["text/plain", text("hello"), "text/plain"],
    ["application/octet-stream", text("???"), "application/octet-stream"],
  ])("chooses the type of a file that is stated as %s by its bytes", (stated, head, expected) => {
    assert.strictEqual(chooseType(stated, head), expected)
  })

  it("keeps text as text, even if it begins like a binary file", () => {
    assert.strictEqual(chooseType("application/octet-stream", bitmap, "text"), "text/plain")
  })
})

describe("extensions", () => {
  it.each([
    ["video/x-matroska", ".mkv"],
    ["image/pjpeg", ".jpg"],
    ["application/ply", ".ply"],
    ["model/fbx", ".fbx"],
    ["audio/x-wav; rate=44100", ".wav"],
    ["application/x-unknown", ".bin"],
  ])("of %s is %s", (type, extension) => {
    assert.strictEqual(getExtension(type), extension)
  })

  it.each([
    ["photo.JFIF", "image/jpeg"],
    ["photo.heic", "image/heic"],
    ["statue.fbx", "model/fbx"],
    ["statue", undefined],
    ["v1.2/statue", undefined],
  ])("of the name %s gives the type %s", (name, type) => {
    assert.strictEqual(findTypeByName(name), type)
  })
})
