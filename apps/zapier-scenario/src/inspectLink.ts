import { getContentType, sniffType } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { Readable } from "node:stream"
import type { HttpRequestOptions, RawHttpResponse, ZObject } from "zapier-platform-core"

export interface LinkedFile {
  readonly fileName?: string | undefined
  readonly contentType?: string | undefined
}

/** Whether a link's path ends in a file name. Zapier's own links, `https://zapier.com/engine/hydrate/…`, don't. */
export const namesFile = (link: string): boolean => {
  const fileName = URL.parse(link)?.pathname.split("/").at(-1) ?? ""
  return guessType(fileName) !== undefined
}

/**
 * Reads the beginning of a linked file, because Scenario's import needs the kind of the file. If the link can't be read here,
 * Scenario decides.
 */
export const inspectLink = (z: ZObject, link: string): Effect.Effect<LinkedFile> =>
  Effect.tryPromise(async (signal): Promise<LinkedFile> => {
    const options: HttpRequestOptions & { url: string; raw: true; signal: AbortSignal } = {
      url: link,
      raw: true,
      skipThrowForStatus: true,
      headers: { range: `bytes=0-${headBytes - 1}`, "user-agent": "Zapier" },
      signal,
    }
    const response = await z.request(options)
    const head = await readHead(response)
    if (response.status >= 400) return {}
    const fileName = readFileName(response.headers.get("content-disposition"))
    return { fileName, contentType: readType(response.headers.get("content-type"), fileName, head) }
  }).pipe(
    Effect.timeout(maxInspectionMs),
    Effect.orElseSucceed(() => ({})),
  )

const maxInspectionMs = 5_000
const headBytes = 4_096

const readHead = async ({ body }: Pick<RawHttpResponse, "body">): Promise<Uint8Array> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of body instanceof Readable ? body : Readable.from(body)) {
    chunks.push(Buffer.from(chunk))
    size += Buffer.byteLength(chunk)
    if (size >= headBytes) break
  }
  return Buffer.concat(chunks)
}

const readType = (
  header: string | null,
  fileName: string | undefined,
  head: Uint8Array,
): string | undefined => {
  const stated = header?.split(";")[0]?.trim().toLowerCase()
  const isSpecific = stated !== undefined && /^(image|video|audio|model|text)\//.test(stated)
  return (isSpecific ? stated : undefined) ?? guessType(fileName ?? "") ?? sniffType(head)
}

const guessType = (fileName: string): string | undefined => {
  const type = getContentType({ fileName, bytes: new Uint8Array() })
  return type === "application/octet-stream" ? undefined : type
}

/** The name in `attachment; filename="a.png"`, or its encoded form `filename*=UTF-8''a.png`, without folders. */
const readFileName = (disposition: string | null): string | undefined => {
  const encoded = /filename\*\s*=\s*[\w-]*'[^']*'([^;]+)/i.exec(disposition ?? "")?.[1]
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;]+))/i.exec(disposition ?? "")
  const name = (encoded === undefined ? (plain?.[1] ?? plain?.[2]) : decode(encoded))?.trim()
  return name?.split(/[/\\]/).at(-1) || undefined
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
