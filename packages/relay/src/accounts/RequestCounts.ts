import { ApiHttp } from "@scenario-automation/core"
import { Context, Effect, Layer } from "effect"

/** How many requests this process has sent to Scenario, by owner. */
export class RequestCounts extends Context.Service<
  RequestCounts,
  {
    /** A transport over `fetch` that counts. */
    readonly countRequests: (ownerKey: string) => Layer.Layer<ApiHttp>
    /** Requests of the last minute. */
    readonly getLastMinute: (now: number) => ReadonlyMap<string, number>
  }
>()("@scenario-automation/relay/RequestCounts") {
  static readonly layer: Layer.Layer<RequestCounts> = Layer.sync(RequestCounts, () => {
    const begun = new Map<string, Array<number>>()
    const forget = (times: Array<number>, now: number) => times.filter((time) => time > now - minuteMs)
    return {
      countRequests: (ownerKey) =>
        Layer.effect(
          ApiHttp,
          Effect.map(ApiHttp, (send): ApiHttp["Service"] => (request, signal) => {
            const now = Date.now()
            begun.set(ownerKey, [...forget(begun.get(ownerKey) ?? [], now), now])
            return send(request, signal)
          }),
        ).pipe(Layer.provide(ApiHttp.layerFetch())),
      getLastMinute: (now) =>
        new Map([...begun].map(([ownerKey, times]) => [ownerKey, forget(times, now).length])),
    }
  })
}

const minuteMs = 60_000
