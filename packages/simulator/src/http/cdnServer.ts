import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { ActiveFault } from "../Faults.ts"
import { getBytes, makeThumbnail } from "../media/assetBytes.ts"
import { makeExr } from "../media/exr.ts"
import { transformSpec } from "../media/transformSpec.ts"
import type { World } from "../world/World.ts"
import { classifyAuthorization } from "./admission.ts"
import { sendResponse } from "./sendResponse.ts"
import { toLoggedHeaders } from "./toLoggedHeaders.ts"
import { readBody } from "./readBody.ts"
import { type StoredFile, toStoredFile } from "./toStoredFile.ts"

interface File {
  readonly bytes: Buffer
  readonly contentType: string
}

/** Parts of uploads can be larger than the API's bodies. */
const maxPartBytes = 512 * 1024 * 1024

/** The server of the CDN: signed files, public thumbnails, and uploaded parts. */
export const createCdnServer = (world: () => World): Server =>
  createServer((request, response) => {
    respond(world(), request, response).catch((error: unknown) => {
      if (response.destroyed || request.destroyed) return
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" })
      response.end(`The simulator failed: ${String(error)}`)
    })
  })

const respond = async (world: World, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://simulator")
  const method = request.method ?? "GET"
  const authorization = classifyAuthorization(world, request.headers.authorization)
  const index = world.log.addRequest({
    at: world.clock.now(),
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    origin: "cdn",
    authorization,
    headers: toLoggedHeaders(request.headers),
  })
  const faults = world.faults.take({ origin: "cdn", method, path: url.pathname, isDryRun: false })
  for (const fault of faults) world.log.addFault(index, fault.name)
  const has = (name: ActiveFault["name"]) => faults.find((fault) => fault.name === name)
  const finish = async (status: number, headers: Readonly<Record<string, string>>, bytes: Buffer) => {
    world.log.setStatus(index, status)
    const date = new Date(world.clock.now()).toUTCString()
    await sendResponse(response, { status, headers: { date, ...headers } }, bytes, faults, world.clock)
  }
  const refuse = (status: number, code: string, message: string) =>
    finish(status, { "content-type": "application/xml" }, toXmlError(code, message))

  const redirectTo = (redirect: ActiveFault) =>
    finish(
      redirect.options.status ?? 302,
      { location: getRedirectTarget(world, url, redirect) },
      Buffer.alloc(0),
    )

  if (has("hang") !== undefined) return
  if (has("connection-reset") !== undefined) {
    request.socket.resetAndDestroy()
    return
  }
  const brokenStatus = getFaultStatus(faults)
  if (brokenStatus !== undefined)
    return refuse(brokenStatus, "ServiceUnavailable", "Reduce your request rate.")
  if (authorization !== "none") {
    world.log.addViolation(index, "an Authorization header was sent to the CDN")
    return refuse(400, "InvalidArgument", "Only one auth mechanism allowed")
  }
  const redirect = has("redirect")
  if (method === "PUT") {
    if (has("part-timeout") !== undefined) {
      return refuse(
        400,
        "RequestTimeout",
        "Your socket connection to the server was not read from or written to.",
      )
    }
    if (has("expired-link") !== undefined) return refuse(403, "AccessDenied", "Request has expired")
    if (redirect !== undefined) return redirectTo(redirect)
    const status = await receivePart(world, request, url)
    return status === 200
      ? finish(200, { etag: '"part"' }, Buffer.alloc(0))
      : refuse(status, "AccessDenied", "Access Denied")
  }
  if (method !== "GET" && method !== "HEAD")
    return refuse(405, "MethodNotAllowed", "The method is not allowed.")
  const isPublic = url.pathname.startsWith("/thumbnails/")
  if (
    has("expired-link") !== undefined ||
    (!isPublic && world.links.check(url.pathname, url.searchParams) !== "valid")
  ) {
    return refuse(403, "AccessDenied", "Access Denied")
  }
  if (redirect !== undefined) return redirectTo(redirect)
  if (has("wrong-bytes") !== undefined) {
    return finish(
      200,
      { "content-type": "text/html" },
      Buffer.from("<html><body>Please sign in.</body></html>"),
    )
  }
  const file = findFile(world, url)
  if (file === undefined) return refuse(404, "NoSuchKey", "The specified key does not exist.")
  const contentType = has("wrong-content-type") === undefined ? file.contentType : "application/octet-stream"
  return sendFile(request, toStoredFile(file.bytes, contentType, faults), finish)
}

/** The status of a fault of the API that hits the CDN, because of its option `origin`. */
const getFaultStatus = (faults: ReadonlyArray<ActiveFault>): number | undefined => {
  const statuses: Readonly<Record<string, number>> = {
    "server-error": 500,
    "bad-gateway-html": 502,
    unavailable: 503,
    "gateway-timeout": 504,
    "rate-limited": 429,
    forbidden: 403,
  }
  return faults.map((fault) => statuses[fault.name]).find((status) => status !== undefined)
}

const toXmlError = (code: string, message: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  )

const getRedirectTarget = (world: World, url: URL, { options }: ActiveFault): string => {
  const target = new URL(`${url.pathname}${url.search}`, world.links.origin)
  // For a client, another name of this machine is another origin.
  if (options.to === "other-origin")
    target.hostname = target.hostname === "localhost" ? "127.0.0.1" : "localhost"
  target.searchParams.set("redirected", "1")
  // Node writes each character of a header as one byte, so these are the bytes of the UTF-8 name.
  return options.to === "raw-utf8"
    ? `${target.href}&name=${Buffer.from("h\u00e4user-\u732b.png").toString("latin1")}`
    : target.href
}

/** Stores a part of an upload. 403 if the link is forged or expired. */
const receivePart = async (world: World, request: IncomingMessage, url: URL): Promise<number> => {
  const bytes = await readBody(request, maxPartBytes)
  const [, uploadId = "", part = ""] = /^\/uploads\/([^/]+)\/(\d+)$/.exec(url.pathname) ?? []
  const upload = world.uploads.get(uploadId)
  if (upload === undefined || world.links.check(url.pathname, url.searchParams) !== "valid") return 403
  if (bytes === undefined) return 413
  upload.receivedParts.set(Number(part), bytes)
  return 200
}

const findFile = (world: World, { pathname, searchParams }: URL): File | undefined => {
  const [, folder = "", id = "", original] = pathname.split("/")
  const asset = world.assets.find(id)
  if (folder === "thumbnails")
    return { bytes: makeThumbnail(asset?.spec, pathname), contentType: "image/png" }
  if (asset === undefined || !world.assets.isReady(asset)) return undefined
  if (original === "original.exr") return { bytes: makeExr(asset.spec), contentType: "image/x-exr" }
  const spec = folder === "assets-transform" ? transformSpec(asset.spec, searchParams) : asset.spec
  return { bytes: getBytes(spec), contentType: spec.mimeType }
}

type Finish = (status: number, headers: Readonly<Record<string, string>>, bytes: Buffer) => Promise<void>

const sendFile = async (request: IncomingMessage, file: StoredFile, finish: Finish): Promise<void> => {
  const { bytes, headers, hasRanges, sendsUnnamedParts } = file
  if (request.method === "HEAD")
    return finish(200, { ...headers, "content-length": `${bytes.length}` }, Buffer.alloc(0))
  const range = request.headers.range
  const hasStrongEtag = headers["etag"]?.startsWith('"') === true
  const ifRange = request.headers["if-range"]
  const isStale = hasStrongEtag && ifRange !== undefined && ifRange !== headers["etag"]
  if (range !== undefined && sendsUnnamedParts) return finish(206, headers, bytes)
  if (range === undefined || isStale || !hasRanges) return finish(200, headers, bytes)
  const bounds = readRange(range, bytes.length)
  if (bounds === undefined)
    return finish(416, { ...headers, "content-range": `bytes */${bytes.length}` }, Buffer.alloc(0))
  const [first, last] = bounds
  return finish(
    206,
    { ...headers, "content-range": `bytes ${first}-${last}/${bytes.length}` },
    bytes.subarray(first, last + 1),
  )
}

/** The first and last requested byte, or `undefined` if the range can't be satisfied. */
const readRange = (header: string, length: number): readonly [number, number] | undefined => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined
  const first = from === "" ? Math.max(0, length - Number(to)) : Number(from)
  const last = from === "" || to === "" ? length - 1 : Math.min(Number(to), length - 1)
  return first <= last && first < length ? [first, last] : undefined
}
