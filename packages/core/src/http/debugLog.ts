import type { HttpTransport } from "./HttpTransport.ts"
import { readTransportFault } from "./transportFault.ts"

/**
 * With `SCENARIO_DEBUG=1` in the environment, writes a line to stderr for each request when its response begins. The lines
 * contain no headers, bodies, queries, or links to files.
 */
export const withDebugLog = (transport: HttpTransport, describeUrl: (url: URL) => string): HttpTransport => {
  if (!isDebugging()) return transport
  return async (request, signal) => {
    const startedAt = performance.now()
    const write = (outcome: string) => {
      const ms = Math.round(performance.now() - startedAt)
      const attempt = request.attempt === undefined ? "" : ` attempt ${request.attempt}`
      const target = describeUrl(new URL(request.url))
      console.error(
        `${new Date().toISOString()} scenario ${request.method} ${target} ${outcome} ${ms} ms${attempt}`,
      )
    }
    try {
      const response = await transport(request, signal)
      write(String(response.status))
      return response
    } catch (cause) {
      write(signal.aborted ? "stopped" : `failed (${readTransportFault(cause).detail})`)
      throw cause
    }
  }
}

const isDebugging = (): boolean =>
  !/^(0|false)?$/i.test(globalThis.process?.env?.["SCENARIO_DEBUG"]?.trim() ?? "")
