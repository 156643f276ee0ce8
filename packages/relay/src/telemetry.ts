import { Config, Effect, Layer, Option } from "effect"
import { Otlp, OtlpSerialization } from "effect/observability"
import { otlpTransport } from "./transport.ts"

/** Sends traces, metrics, and logs if `OTEL_EXPORTER_OTLP_ENDPOINT` is set. */
export const telemetry = Layer.unwrap(
  Effect.gen(function* () {
    const endpoint = yield* Config.option(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"))
    const serviceName = yield* Config.String("OTEL_SERVICE_NAME").pipe(Config.withDefault("scenario-relay"))
    if (Option.isNone(endpoint)) return Layer.empty
    return Otlp.layer({
      baseUrl: endpoint.value,
      resource: { serviceName },
      shutdownTimeout: "2 seconds",
    }).pipe(Layer.provide(OtlpSerialization.layerJson), Layer.provide(otlpTransport))
  }),
)
