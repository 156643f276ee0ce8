import { assert, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Cause, Effect, Exit, Layer, Logger, Metric, References, Stream, type Tracer } from "effect"
import { inspect } from "node:util"
import { Downloads } from "../src/deliver/Downloads.ts"
import { generate } from "../src/generate.ts"
import { ScenarioConfig } from "../src/ScenarioConfig.ts"
import { collectSpans } from "./support/collectSpans.ts"
import { getCdnRequests } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const redHouse = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
} as const

it.effect(
  "neither the key, the secret, nor a link's signature is logged, traced, counted, thrown, or sent to the CDN",
  () => {
    const outputs: Array<unknown> = []
    const { spans, layer: tracing } = collectSpans()
    const collecting = Layer.mergeAll(
      Logger.layer([Logger.make((entry) => void outputs.push(entry))]),
      Layer.succeed(References.MinimumLogLevel, "Trace"),
      tracing,
    )
    const run = Effect.fnUntraced(function* (simulator: Simulator) {
      const downloads = yield* Downloads
      const { assets } = yield* generate(redHouse)
      for (const asset of assets) yield* Stream.runDrain(downloads.download(asset))
      for (const fault of [
        "unauthorized",
        "lost-response",
        "bad-gateway-html",
        "hang",
        "malformed-json",
      ] as const) {
        simulator.faults.next(fault, { path: "/generate/" })
        outputs.push(getFailure(yield* Effect.exit(generate(redHouse, { reconcileTimeout: 0 }))))
      }
      simulator.faults.rate("expired-link", 1)
      for (const asset of assets) {
        outputs.push(getFailure(yield* Effect.exit(Stream.runDrain(downloads.download(asset)))))
      }
      outputs.push(yield* Metric.snapshot, yield* ScenarioConfig, spans.map(toExported))

      const signatures = assets.map(
        (asset) => new URL(asset.url).searchParams.get("Signature") ?? "no signature",
      )
      const basic = Buffer.from(`${simulator.apiKey}:${simulator.apiSecret}`).toString("base64")
      const everything = outputs
        .map((one) => inspect(one, { depth: 12, showHidden: true }) + toSafeJson(one))
        .join("\n")
      for (const secret of [simulator.apiKey, simulator.apiSecret, basic, ...signatures]) {
        assert.isFalse(everything.includes(secret), `an output contains the secret ${secret}`)
      }
      const cdn = getCdnRequests(simulator)
      assert.isNotEmpty(cdn)
      assert.isTrue(cdn.every((request) => request.authorization === "none"))
      assert.notInclude(JSON.stringify(cdn.map((request) => request.headers)), simulator.apiSecret)
      const traced = simulator.requests().filter(({ headers }) => headers["traceparent"] ?? headers["b3"])
      assert.deepStrictEqual(traced, [])
    })
    return simulate({}, function* (simulator) {
      yield* run(simulator).pipe(Effect.provide(collecting))
    })
  },
)

/** What a caller gets from a failure. A success may contain links. */
const getFailure = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.isFailure(exit) ? [exit.cause, Cause.pretty(exit.cause), Cause.squash(exit.cause)] : undefined

/** What an exporter reads from a span. It doesn't read the value of a success. */
const toExported = ({ name, attributes, events, links, status }: Tracer.NativeSpan) => [
  name,
  [...attributes],
  events,
  links.map((link) => Object.entries(link.attributes)),
  status._tag === "Ended" ? getFailure(status.exit) : undefined,
]

const toSafeJson = (value: unknown): string => {
  const seen = new WeakSet<object>()
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "bigint") return inner.toString()
      if (typeof inner !== "object" || inner === null) return inner
      if (seen.has(inner)) return "seen"
      seen.add(inner)
      return inner
    }) ?? ""
  )
}
