import type { HttpTransport } from "./HttpTransport.ts"

/**
 * `fetch` (the platform's, unless another is given) that returns a redirect: by itself it would follow one, and repeat a POST
 * there. Nor does it answer from a cache: frameworks that keep responses would show a job as it was first seen, forever.
 */
export const fetchTransport =
  (fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init)): HttpTransport =>
  ({ url, method, headers, body, isSentOnce }, signal) =>
    fetch(url, {
      ...fetchOptions(),
      method,
      headers,
      signal,
      ...(body === undefined
        ? {}
        : isSentOnce && repeatsRequests()
          ? oneShot(body)
          : { body: unshared(body) }),
    })

const withoutCache: RequestInit = { redirect: "manual", cache: "no-store" }

let usableOptions: RequestInit | undefined

/** Workers with an older compatibility date, which have no cache to avoid, throw at the option. */
const fetchOptions = (): RequestInit => {
  if (usableOptions !== undefined) return usableOptions
  try {
    void new Request("http://localhost", withoutCache)
    usableOptions = withoutCache
  } catch {
    usableOptions = { redirect: "manual" }
  }
  return usableOptions
}

/** Deno repeats a request, a POST as well, if a reused connection closes before its response has begun. */
const repeatsRequests = (): boolean => "Deno" in globalThis

/**
 * A stream can be read once only, so that no platform can send it again; Deno knows what is behind a `Response`'s own and
 * repeats that as well. Elsewhere bodies keep their length.
 */
const oneShot = (body: Uint8Array): RequestInit & { readonly duplex: "half" } => ({
  body: new ReadableStream({
    start(controller) {
      controller.enqueue(body)
      controller.close()
    },
  }),
  duplex: "half",
})

/** `fetch` takes no memory that other threads can write to. */
const unshared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  isUnshared(bytes) ? bytes : new Uint8Array(bytes)

const isUnshared = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer
