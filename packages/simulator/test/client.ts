import {
  type Json,
  type JsonObject,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../src/index.ts"
import { isJsonObject } from "../src/json.ts"

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
}

/** A plain client of the simulated API. */
export const makeClient = (simulator: Simulator) => {
  const authorization = `Basic ${Buffer.from(`${simulator.apiKey}:${simulator.apiSecret}`).toString("base64")}`
  const call = async (method: string, path: string, body?: Json): Promise<Reply> => {
    const response = await fetch(`${simulator.baseUrl}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const json: unknown = await response.json()
    if (!isJsonObject(json)) throw new Error(`${method} ${path} answered ${JSON.stringify(json)}`)
    return { status: response.status, headers: response.headers, body: json }
  }
  return {
    call,
    get: (path: string) => call("GET", path),
    post: (path: string, body: Json = {}) => call("POST", path, body),
    put: (path: string, body: Json = {}) => call("PUT", path, body),
    remove: (path: string, body?: Json) => call("DELETE", path, body),
  }
}

/** Starts a simulator with a stepped clock, and a client of it. */
export const startStepped = async (options: SimulatorOptions = {}) => {
  const simulator = await startSimulator({ clock: "stepped", pictures: "plain", ...options })
  return { simulator, ...makeClient(simulator), [Symbol.asyncDispose]: () => simulator.close() }
}

/** The value at a path: `at(body, "job", "metadata", "assetIds", 0)`. */
export const at = (value: Json | undefined, ...path: ReadonlyArray<string | number>): Json | undefined => {
  let here: Json | undefined = value
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined
    here = Object.entries(here).find(([name]) => name === `${step}`)?.[1]
  }
  return here
}

export const textAt = (value: Json | undefined, ...path: ReadonlyArray<string | number>): string => {
  const text = at(value, ...path)
  if (typeof text !== "string") throw new Error(`No text at ${path.join(".")} of ${JSON.stringify(value)}`)
  return text
}

export const listAt = (
  value: Json | undefined,
  ...path: ReadonlyArray<string | number>
): ReadonlyArray<Json> => {
  const list = at(value, ...path)
  if (!Array.isArray(list)) throw new Error(`No list at ${path.join(".")} of ${JSON.stringify(value)}`)
  return list
}

export const fluxDev = "model_flux-1-dev"
export const canvasImage = "model_canvas-image-2"
export const redHouse = { modelId: fluxDev, prompt: "a red house" }
export const png1x1 =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
