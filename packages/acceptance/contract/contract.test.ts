import { startSimulator } from "@scenario-automation/simulator"
import {
  type EndpointName,
  type InputDescriptor,
  type Inputs,
  type InputValue,
  requestFor,
} from "@scenario-automation/core"
import { endpointNames, endpoints } from "@scenario-automation/core/host"
import { createScenario, type Scenario } from "@scenario-automation/client"
import { describe, expect, it, onTestFinished } from "vitest"
import { contractFile, type ContractViolation, type Prism, startPrism, whyAbsent } from "./Prism.ts"

/** Newer facts that override the contract of November 2025, each with its source. */
const exceptions: ReadonlyArray<{ readonly of: RegExp; readonly because: string }> = [
  {
    of: /^POST \/generate\/prompt request.body Request body must have required property 'mode'/,
    because: "BL, live 2026-08-28: the mode is optional",
  },
  {
    of: /^PUT \/workflows\/\S+\/run request No supported content types/,
    because: "DOC workflows.run: the body is the input map; the contract has none",
  },
  {
    of: /response\.body\S*\.metadata\.width Response body property \S+ must be >= 1024/,
    because:
      "the contract has the skybox's bounds for every asset's width; pictures of 512 pixels exist [BL fixtures]",
  },
  {
    of: /response\.body\.(workflow|workflows\.\d+|job\.metadata)\.flow\.\d+\.type /,
    because: "DOC: a step may also be for-each, generate-prompt, list, model, user-approval, workflow",
  },
]

if (contractFile === undefined) console.warn(whyAbsent)

const isNew = ({ call, at, message }: ContractViolation): boolean =>
  !exceptions.some((exception) => exception.of.test(`${call} ${at} ${message}`))

/** The account, with Prism between it and the simulator. */
const account = async () => {
  const simulator = await startSimulator({ speed: 100, pictures: "plain" })
  onTestFinished(() => simulator.close())
  const prism = await startPrism(contractFile ?? "", simulator.baseUrl)
  onTestFinished(() => prism[Symbol.asyncDispose]())
  const scenario = createScenario({
    apiKey: simulator.apiKey,
    apiSecret: simulator.apiSecret,
    baseUrl: prism.url,
    fetch: prism.fetch,
    requestsPerMinute: 100_000,
  })
  onTestFinished(() => scenario.close())
  return { simulator, prism, scenario }
}

const expectNoViolation = (prism: Prism) => expect(prism.violations.filter(isNew)).toEqual([])

/** Fields that a mode is nothing without, though the contract leaves them optional: it cannot say "one of two". */
const neededBy: ReadonlyArray<readonly [endpoint: RegExp, field: string]> = [
  [/img2img|inpaint/, "image"],
  [/inpaint|fill/, "mask"],
  [/controlnet/, "controlImage"],
  [/ip-adapter/, "ipAdapterImages"],
  [/^(caption|describe-style)$/, "images"],
  [/^segment$/, "text"],
]

const inputsFor = (name: EndpointName, assetId: string): Inputs =>
  Object.fromEntries(
    endpoints[name].fields
      .filter(
        (field) =>
          (field.required !== undefined && !field.name.endsWith("Id")) ||
          field.name === "modelId" ||
          neededBy.some(([endpoint, needed]) => endpoint.test(name) && needed === field.name),
      )
      .map((field) => [field.name, valueFor(field, name, assetId)]),
  )

const valueFor = (field: InputDescriptor, endpoint: EndpointName, assetId: string): InputValue => {
  const allowed = field.allowedValues?.[0]
  if (typeof allowed === "string" || typeof allowed === "number") return allowed
  switch (field.type) {
    case "number":
      return Math.max(Number(field.min ?? 1), 1)
    case "boolean":
      return false
    case "file":
      return assetId
    case "file_array":
      return [assetId]
    case "number_array":
      return [0, 0, 1, 1]
    case "model":
      return endpoint.endsWith("texture") ? "model_sd15-textures" : "model_flux-1-dev"
    default:
      return field.name === "modality" ? "canny" : "a red house"
  }
}

const first = async <A>(list: AsyncIterable<A>): Promise<A | undefined> => {
  for await (const one of list) return one
  return undefined
}

describe.skipIf(contractFile === undefined)(
  "what core sends and the simulator answers, over HTTP, by Scenario's contract",
  () => {
    it("prices and starts a generation at every named endpoint", async () => {
      const { simulator, prism, scenario } = await account()
      for (const name of endpointNames) {
        const request = requestFor({ endpoint: name }, inputsFor(name, simulator.addAsset()))
        await scenario.estimate(request)
        await scenario.submit(request)
        expect([...prism.calls]).toContain(`POST ${endpoints[name].path}`)
      }
      expectNoViolation(prism)
      expect(simulator.violations()).toEqual([])
    })

    it("runs models by their own inputs, and workflows", async () => {
      const { simulator, prism, scenario } = await account()
      await scenario.generate({
        model: "model_canvas-image-2",
        inputs: { prompt: "a red house", numOutputs: 2 },
      })
      await scenario.submit({ workflow: "wflow_sprite-sheet", inputs: { prompt: "a knight" } })
      expectNoViolation(prism)
      expect(simulator.violations()).toEqual([])
    })

    it("gets, cancels, and lists jobs", async () => {
      const { simulator, prism, scenario } = await account()
      simulator.planNextJob({ durationMs: 3_600_000 })
      const submission = await scenario.submit(requestFor({ endpoint: "txt2img" }, inputsFor("txt2img", "")))
      await scenario.jobs.get(submission)
      await scenario.cancel(submission)
      await first(scenario.jobs.list({ status: "canceled", types: ["inference"], pageSize: 200 }))
      expectNoViolation(prism)
      expect(simulator.violations()).toEqual([])
    })

    it("reads, finds, tags, changes and deletes assets", async () => {
      const { simulator, prism, scenario } = await account()
      const assetIds = [1, 2, 3].map(() => simulator.addAsset())
      await Promise.all(assetIds.map((assetId) => scenario.assets.get(assetId)))
      await scenario.assets.get(assetIds[0] ?? "")
      await everyAssetCall(scenario, assetIds)
      expectNoViolation(prism)
      expect(simulator.violations()).toEqual([])
    })

    it("lists and reads models, workflows, collections, uploads and usage", async () => {
      const { simulator, prism, scenario } = await account()
      await first(scenario.models.list({ privacy: "both" }))
      await first(scenario.models.search("house"))
      for await (const model of scenario.models.list({ privacy: "public" }))
        await scenario.models.get(model.modelId)
      await first(scenario.workflows.list({ status: "ready" }))
      await scenario.workflows.get("wflow_sprite-sheet")
      const { collectionId } = await scenario.collections.create("houses")
      await scenario.collections.addAssets(collectionId, [simulator.addAsset()])
      await scenario.collections.get(collectionId)
      await first(scenario.collections.list())
      await scenario.collections.delete(collectionId)
      const bytes = new Uint8Array(4_000_000)
      bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      await scenario.uploads.upload({ fileName: "large.png", bytes })
      await scenario.uploads.upload({ fileName: "small.png", bytes: bytes.subarray(0, 1000) })
      await scenario.usage.get()
      expectNoViolation(prism)
      expect(simulator.violations()).toEqual([])
    })

    it("gets a violation from Prism for an invalid request", async () => {
      const { simulator, prism } = await account()
      const credentials = Buffer.from(`${simulator.apiKey}:${simulator.apiSecret}`).toString("base64")
      await prism.fetch(`${prism.url}/generate/txt2img`, {
        method: "POST",
        headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
        body: JSON.stringify({ prompt: 7 }),
      })
      expect(prism.violations.map(({ at }) => at)).toContain("request.body")
    })
  },
)

const everyAssetCall = async (scenario: Scenario, [one = "", ...others]: ReadonlyArray<string>) => {
  await first(
    scenario.assets.list({ types: ["uploaded"], pageSize: 100, sortBy: "createdAt", sortDirection: "desc" }),
  )
  await first(scenario.assets.search("house"))
  await scenario.assets.addTags(one, ["house"])
  await scenario.assets.removeTags(one, ["house"])
  await scenario.assets.update(one, { name: "a house" })
  await scenario.assets.delete(others)
}
