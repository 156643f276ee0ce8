import type { HttpTransport } from "./HttpTransport.ts"

/**
 * A transport over the given `fetch`, or the platform's. It returns redirects, because `fetch` would follow them and
 * repeat a POST. It bypasses caches, because frameworks that cache responses would show a job's first state forever.
 */
export const fetchTransport =
  (fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init)): HttpTransport =>
  ({ url, method, headers, body, isSentOnce }, signal) =>
    fetch(url, {
      ...getFetchOptions(),
      method,
      headers,
      signal,
      ...(body === undefined
        ? {}
        : isSentOnce && repeatsRequests()
          ? toSingleUseBody(body)
          : { body: copyIfShared(body) }),
    })

const withoutCache: RequestInit = { redirect: "manual", cache: "no-store" }

let supportedOptions: RequestInit | undefined

/** Workers with an older compatibility date have no cache, and throw if `cache` is set. */
const getFetchOptions = (): RequestInit => {
  if (supportedOptions !== undefined) return supportedOptions
  try {
    void new Request("http://localhost", withoutCache)
    supportedOptions = withoutCache
  } catch {
    supportedOptions = { redirect: "manual" }
  }
  return supportedOptions
}

/** Deno repeats a request, even a POST, if a reused connection closes before the response begins. */
const repeatsRequests = (): boolean => "Deno" in globalThis

/**
 * A stream can be read only once, so Deno can't repeat it. It would repeat the body of a `Response`, because it knows
 * the bytes behind that. Only for Deno, because a stream has no Content-Length.
 */
const toSingleUseBody = (body: Uint8Array): RequestInit & { readonly duplex: "half" } => ({
  body: new ReadableStream({
    start(controller) {
      controller.enqueue(body)
      controller.close()
    },
  }),
  duplex: "half",
})

/** `fetch` doesn't accept memory that is shared with other threads. */
const copyIfShared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  isUnshared(bytes) ? bytes : new Uint8Array(bytes)

const isUnshared = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer
