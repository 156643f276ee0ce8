import { Layer } from "effect"
import { relayServer } from "./http/server.ts"
import { makeRelay } from "./relayLayer.ts"
import type { RelaySettingsShape } from "./settings/RelaySettings.ts"

/** The whole relay: it listens while the layer's scope is open. */
export const relay = (settings: RelaySettingsShape) =>
  relayServer.pipe(Layer.provideMerge(makeRelay(settings)))
