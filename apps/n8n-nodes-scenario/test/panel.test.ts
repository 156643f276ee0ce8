import { assert, describe, it } from "vitest"
import { endpointNames, endpoints } from "@scenario-automation/core/host"
import { type INodeParameters, type INodeProperties, NodeHelpers } from "n8n-workflow"
import { mayNeedMode, needsMode } from "../nodes/Scenario/fields/target.ts"
import { Scenario } from "../nodes/Scenario/Scenario.node.ts"
import { findOperation, buildProperties } from "../nodes/Scenario/resources/allResources.ts"

const panel = buildProperties()
const resources = (panel.find(({ name }) => name === "resource")?.options ?? []).map((option) =>
  "value" in option ? String(option.value) : "",
)
const listOperations = (resource: string) =>
  panel
    .filter(
      ({ name, displayOptions }) =>
        name === "operation" && displayOptions?.show?.["resource"]?.includes(resource),
    )
    .flatMap(({ options }) => options ?? [])

const listNames = (options: NonNullable<INodeProperties["options"]>) => options.map(({ name }) => name)

const readFirst = (shown: ReadonlyArray<unknown> = []): string =>
  typeof shown[0] === "string" ? shown[0] : "none"

/** The operations that show a field. */
const operationsThatShow = (field: string) =>
  panel
    .filter(({ name }) => name === field)
    .map(({ displayOptions }) => ({
      resource: readFirst(displayOptions?.show?.["resource"]),
      operation: readFirst(displayOptions?.show?.["operation"]),
    }))
const toText = ({ resource, operation }: { resource: string; operation: string }) =>
  `${resource}:${operation}`

describe("the panel", () => {
  it("can run every operation that it shows", () => {
    for (const resource of resources) {
      const operations = listOperations(resource)
      assert.isNotEmpty(operations)
      for (const operation of operations) {
        assert.isDefined("value" in operation ? findOperation(resource, operation.value) : undefined)
      }
    }
  })

  it("shows every named endpoint that isn't a mode of a model", () => {
    const offered = [...listOperations("image"), ...listOperations("text")].map((operation) =>
      "value" in operation ? operation.value : "",
    )
    const all = endpointNames.filter((name) => endpoints[name].capability === undefined)
    assert.sameMembers(offered, all)
  })

  it("shows a generation first, in the panel and in n8n's list of actions", () => {
    assert.strictEqual(resources[0], "generation")
    const names = (panel.find(({ name }) => name === "resource")?.options ?? []).map(({ name }) => name)
    assert.deepStrictEqual(names, names.toSorted())
    const [first] = listOperations("generation")
    assert.strictEqual(first?.name, "Generate")
  })

  it("shows the cost notice for every operation that starts a job", () => {
    const paid = operationsThatShow("options").filter(({ resource }) => resource !== "asset")
    const warned = operationsThatShow("costNotice")
    const free = new Set(["generation:estimate", "generation:wait"])
    assert.sameMembers(
      warned.map(toText),
      paid.map(toText).filter((operation) => !free.has(operation)),
    )
  })

  it("offers the version of the file for every operation that downloads files", () => {
    const offered = panel
      .filter(({ name }) => name === "options")
      .map(({ options = [] }) => listNames(options))
    const downloading = offered.filter((names) => names.includes("fileName"))
    assert.isNotEmpty(downloading)
    for (const names of downloading) assert.include(names, "rendition")
  })

  it("points from every older endpoint, and from no current one, to models", () => {
    const marked = operationsThatShow("olderEndpointNotice")
    assert.include(marked.map(toText), "image:upscale")
    assert.notInclude(marked.map(toText), "image:detect")
    assert.isTrue(marked.every(({ resource }) => resource === "image"))
  })

  it("lets n8n start with an empty form, because inputs can also be set as JSON", () => {
    for (const { name, required } of panel.filter(({ type }) => type === "resourceMapper")) {
      assert.notStrictEqual(required, true, name)
    }
  })

  it("gives each operation its own action name", () => {
    const actions = resources
      .flatMap(listOperations)
      .map((operation) => ("action" in operation ? operation.action : ""))
    assert.strictEqual(new Set(actions).size, actions.length)
    assert.isTrue(actions.every((action) => action !== undefined && action !== ""))
  })

  it("shows Mode only for models that need one or may need one", () => {
    const mode = panel.find(
      ({ name, displayOptions }) =>
        name === "mode" && displayOptions?.show?.["operation"]?.includes("generate"),
    )
    assert.isDefined(mode)
    const isShown = (modelId: object): boolean =>
      NodeHelpers.displayParameter(
        { resource: "generation", operation: "generate", modelId: { __rl: true, ...modelId } },
        mode,
        null,
        null,
      )
    const chosen = (cachedResultName: string) => ({ mode: "list", value: "model_1", cachedResultName })
    assert.isTrue(isShown(chosen(`Flux ${needsMode}`)))
    assert.isTrue(isShown(chosen(`Unknown ${mayNeedMode}`)))
    assert.isFalse(isShown(chosen("Canvas Image 2")))
    assert.isFalse(isShown(chosen("To be continued…")))
    assert.isFalse(isShown(chosen("My watercolors (yours)")))
    assert.isTrue(isShown({ mode: "id", value: "model_1" }))
    assert.isTrue(isShown({ mode: "id", value: "={{ $json.model }}" }))
    assert.isFalse(isShown({ mode: "list", value: "" }))
  })
})

describe("the credential of the relay", () => {
  const credential = new Scenario().description.credentials?.find(({ name }) => name === "scenarioRelayApi")
  assert.isDefined(credential)
  const isShown = (parameters: INodeParameters) =>
    NodeHelpers.displayParameter(parameters, credential, null, null)

  it("is shown only if Start has a Callback URL", () => {
    const start = { resource: "generation", operation: "start" }
    assert.isFalse(isShown({ ...start, options: {} }))
    assert.isFalse(isShown({ ...start, options: { callbackUrl: "" } }))
    assert.isTrue(isShown({ ...start, options: { callbackUrl: "https://example.com" } }))
    assert.isTrue(isShown({ ...start, options: { callbackUrl: "={{ $execution.resumeUrl }}" } }))
    assert.isFalse(
      isShown({ resource: "generation", operation: "wait", options: { callbackUrl: "https://example.com" } }),
    )
  })
})
