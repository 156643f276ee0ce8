import type { Asset } from "../api/Asset.ts"
import { getExtension, findTypeByName } from "./fileExtensions.ts"

/** Values for a file name that the asset doesn't have. */
export interface NamingContext {
  /** The ID of the asset's job. Default: the one that the asset names. */
  readonly jobId?: string | undefined
  /** The asset's position among those of its job, from 1. Default: the one that the asset names. */
  readonly index?: number | undefined
}

/**
 * A file name without its extension. These fields are replaced: `{assetId} {jobId} {index} {name} {prompt} {modelId}
 * {seed} {kind} {width} {height} {date}`. A field that an asset doesn't have becomes empty.
 */
export type NameTemplate = string

export const defaultNameTemplate: NameTemplate = "{assetId}"

/** The fields that a template can have. */
export const templateFields = [
  "assetId",
  "jobId",
  "index",
  "name",
  "prompt",
  "modelId",
  "seed",
  "kind",
  "width",
  "height",
  "date",
] as const

/** Returns the fields of a template that don't exist. */
export const findUnknownTemplateFields = (template: NameTemplate): ReadonlyArray<string> =>
  [...template.matchAll(/\{([^{}]*)\}/g)]
    .map(([, field = ""]) => field)
    .filter((field) => !templateFields.some((known) => known === field))

/**
 * Makes the file name of an asset from a template, with the extension of its type. The name is never a path, never empty,
 * never reserved by Windows, and at most 200 bytes long.
 */
export const getFileName = (
  asset: Asset,
  mimeType: string,
  template: NameTemplate = defaultNameTemplate,
  context: NamingContext = {},
): string => {
  const values: Readonly<Record<(typeof templateFields)[number], string | number | undefined>> = {
    assetId: asset.assetId,
    jobId: context.jobId ?? asset.parentJobId,
    index: context.index ?? (asset.outputIndex === undefined ? undefined : asset.outputIndex + 1),
    name: asset.name === undefined ? undefined : stripExtension(asset.name, mimeType),
    prompt: asset.prompt?.slice(0, 80),
    modelId: asset.modelId,
    seed: asset.seed,
    kind: asset.kind,
    width: asset.width,
    height: asset.height,
    date: asset.createdAt?.slice(0, 10),
  }
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, field: string) =>
    String(Object.entries(values).find(([name]) => name === field)?.[1] ?? ""),
  )
  const extension = getExtension(mimeType, asset.kind)
  // A template may include the extension.
  const stem = filled.toLowerCase().endsWith(extension) ? filled.slice(0, -extension.length) : filled
  return `${toSafeStem(stem, asset.assetId)}${extension}`
}

/** An asset's name can end in a file extension, such as `house.png`. Only an extension of a fitting type is removed. */
const stripExtension = (name: string, mimeType: string): string => {
  const family = findTypeByName(name)?.split("/")[0]
  return family !== undefined && mimeType.startsWith(`${family}/`)
    ? name.slice(0, name.lastIndexOf("."))
    : name
}

/** Adds a number before the extension: `cat-2.png`. The number 1 adds nothing. */
export const numberFileName = (fileName: string, number: number): string => {
  if (number <= 1) return fileName
  const dot = fileName.lastIndexOf(".")
  return dot <= 0 ? `${fileName}-${number}` : `${fileName.slice(0, dot)}-${number}${fileName.slice(dot)}`
}

const maxStemBytes = 180

/** Makes a name safe for every operating system. */
const toSafeStem = (untrusted: string, fallback: string): string => {
  const safe = shortenToBytes(
    Array.from(graphemes.segment(untrusted.normalize("NFC")), ({ segment }) => toSafeCharacter(segment))
      .join("")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/-{2,}/g, "-"),
    maxStemBytes,
  ).replaceAll(/^[\s.-]+|[\s.-]+$/g, "")
  if (safe === "") return fallback === "" ? "asset" : toSafeStem(fallback, "")
  return reservedOnWindows.test(safe) ? `_${safe}` : safe
}

/** Splits text into visible characters. An emoji can have several code points. */
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

/** Separators, characters that Windows forbids, control and format characters (bidi overrides, zero width), lone surrogates. */
const forbidden = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/** Joiners and tags are format characters, but they are part of some emoji and of letters in some scripts. */
const emoji =
  /^[\p{Extended_Pictographic}\p{RI}](?:[\p{Extended_Pictographic}\p{EMod}\p{RI}\u{E0020}-\u{E007F}]|\u200D|\uFE0F)*$/u
const joiningLetter = /^(?!\p{Script=Latin})\p{L}(?:[\p{L}\p{M}]|\u200C|\u200D)*$/u

const toSafeCharacter = (character: string): string =>
  emoji.test(character) || joiningLetter.test(character) ? character : character.replaceAll(forbidden, "-")

const reservedOnWindows = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

const shortenToBytes = (text: string, maxBytes: number): string => {
  let kept = ""
  let bytes = 0
  for (const { segment: character } of graphemes.segment(text)) {
    bytes += new TextEncoder().encode(character).length
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
