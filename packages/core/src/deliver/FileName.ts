import type { Asset } from "../api/Asset.ts"
import { getExtension, findTypeByName } from "./fileExtensions.ts"

/** What a name is made of, beside the asset itself. */
export interface NamingContext {
  readonly jobId?: string | undefined
  /** The asset's place among those of its job, from 1. */
  readonly index?: number | undefined
}

/**
 * A file name without its extension: a template in which these are replaced: `{assetId} {jobId} {index} {name}
 * {prompt} {modelId} {seed} {kind} {width} {height} {date}`. What an asset does not have becomes empty.
 */
export type NameTemplate = string

export const defaultNameTemplate: NameTemplate = "{assetId}"

/** Fields of a template, for an error that lists them. */
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

/** The fields that a template names and that do not exist. */
export const unknownTemplateFields = (template: NameTemplate): ReadonlyArray<string> =>
  [...template.matchAll(/\{([^{}]*)\}/g)]
    .map(([, field = ""]) => field)
    .filter((field) => !templateFields.some((known) => known === field))

/**
 * The file name of an asset: the template filled in, made safe, with the extension of its type (the bytes' own
 * where they tell). Never a path, never empty, never a name that Windows reserves, at most 200 bytes.
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
    name: asset.name === undefined ? undefined : withoutExtension(asset.name, mimeType),
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
  // A template may spell the extension out.
  const stem = filled.toLowerCase().endsWith(extension) ? filled.slice(0, -extension.length) : filled
  return `${safeStem(stem, asset.assetId)}${extension}`
}

/** A file's name keeps its extension as an asset's name: `house.png`. Anything else behind a dot is a part of it. */
const withoutExtension = (name: string, mimeType: string): string => {
  const family = findTypeByName(name)?.split("/")[0]
  return family !== undefined && mimeType.startsWith(`${family}/`)
    ? name.slice(0, name.lastIndexOf("."))
    : name
}

/** The same name with a number before its extension: `cat.png`, `cat-2.png`. */
export const numberedName = (fileName: string, number: number): string => {
  if (number <= 1) return fileName
  const dot = fileName.lastIndexOf(".")
  return dot <= 0 ? `${fileName}-${number}` : `${fileName.slice(0, dot)}-${number}${fileName.slice(dot)}`
}

const maxStemBytes = 180

/** A name that is safe on every system, from one that nobody vouches for. */
const safeStem = (untrusted: string, fallback: string): string => {
  const safe = shortenToBytes(
    Array.from(characters.segment(untrusted.normalize("NFC")), ({ segment }) => safeCharacter(segment))
      .join("")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/-{2,}/g, "-"),
    maxStemBytes,
  ).replaceAll(/^[\s.-]+|[\s.-]+$/g, "")
  if (safe === "") return fallback === "" ? "asset" : safeStem(fallback, "")
  return reservedOnWindows.test(safe) ? `_${safe}` : safe
}

/** What people take for one character: an emoji can be several code points. */
const characters = new Intl.Segmenter("en", { granularity: "grapheme" })

/** Separators, what Windows forbids, control and format characters (bidi overrides, zero width), lone surrogates. */
const forbidden = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/** Joiners and tags are format characters too; within an emoji, or a letter of a script that joins, they belong to it. */
const emoji =
  /^[\p{Extended_Pictographic}\p{RI}](?:[\p{Extended_Pictographic}\p{EMod}\p{RI}\u{E0020}-\u{E007F}]|\u200D|\uFE0F)*$/u
const joiningLetter = /^(?!\p{Script=Latin})\p{L}(?:[\p{L}\p{M}]|\u200C|\u200D)*$/u

const safeCharacter = (character: string): string =>
  emoji.test(character) || joiningLetter.test(character) ? character : character.replaceAll(forbidden, "-")

const reservedOnWindows = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

const shortenToBytes = (text: string, most: number): string => {
  let kept = ""
  let bytes = 0
  for (const { segment: character } of characters.segment(text)) {
    bytes += new TextEncoder().encode(character).length
    if (bytes > most) break
    kept += character
  }
  return kept
}
