import { NodeHttpServer } from "@effect/platform-node"
import { ByteSize, Effect, Layer } from "effect"
import { HttpIncomingMessage, HttpRouter } from "effect/http"
import { createServer } from "node:http"
import { RelaySettings } from "../settings/RelaySettings.ts"
import { apiRoutes } from "./apiRoutes.ts"
import { operationRoutes } from "./operationRoutes.ts"
import { statusRoutes } from "./statusPage.ts"

/** How long requests in progress may take when the relay stops. */
const stopTimeout = "2 seconds"

/** The relay's HTTP server. */
export const relayServer = Layer.unwrap(
  Effect.map(RelaySettings, ({ host, port, maxBodyBytes }) =>
    HttpRouter.serve(Layer.mergeAll(apiRoutes, operationRoutes, statusRoutes), {
      disableLogger: true,
      disableListenLog: true,
    }).pipe(
      Layer.provideMerge(
        NodeHttpServer.layer(createServer, { host, port, gracefulShutdownTimeout: stopTimeout }),
      ),
      Layer.provide(Layer.succeed(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes))),
    ),
  ),
)
