import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { endpointNames, endpoints, isEndpointName } from "./EndpointTable.ts"

/** Scenario's contract, from `SCENARIO_OPENAPI` or next to the repository. It isn't copied. */
const contractFile =
  process.env["SCENARIO_OPENAPI"] ??
  fileURLToPath(new URL("../../../../../shared/scenario-openapi.json", import.meta.url))

interface WireSchema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: ReadonlyArray<string>
  readonly minimum?: number | string
  readonly maximum?: number | string
  readonly maxLength?: number
  readonly default?: unknown
  readonly required?: ReadonlyArray<string>
  readonly properties?: Record<string, WireSchema>
  readonly items?: WireSchema
  readonly schema?: WireSchema
  readonly in?: string
}
interface Contract {
  readonly definitions: Record<string, WireSchema>
  readonly paths: Record<string, { readonly post?: { readonly parameters: ReadonlyArray<WireSchema> } }>
}

const contract = (): Contract => JSON.parse(readFileSync(contractFile, "utf8"))

const absence = existsSync(contractFile)
  ? undefined
  : `Scenario's contract is not at ${contractFile}, so nothing was compared. Set SCENARIO_OPENAPI to its path.`

/** Intended differences from the contract of 2025-11-04, with the reason for each. */
const exceptions: Readonly<Record<string, string>> = {
  "prompt.mode required": "mode is optional in practice (Scenario's Blender plugin, live 2026-08-28)",
  "prompt.mode enum": "2026 adds contextual-v2",
  "remove-background.format default": "the contract's default is `'png'` with quotes inside; it means png",
  "prompt-editing.numSamples minimum": "no lower bound is documented; fewer than one image makes no sense",
  "prompt-editing.compression minimum": "bounds are only in its description: 0-100 %",
  "prompt-editing.compression maximum": "bounds are only in its description: 0-100 %",
  "pixelate.pixelGridSize enum": "values are only in its description: 16, 32, 64, 128 or 256",
  "pixelate.colorPaletteSize minimum": "bounds are only in its description: 2 to 256",
  "pixelate.colorPaletteSize maximum": "bounds are only in its description: 2 to 256",
  "translate.prompt default":
    "the contract's default is the word `translation`, a slip: it is the text to translate",
  ...Object.fromEntries(
    [
      "controlnet",
      "controlnet-img2img",
      "controlnet-inpaint",
      "controlnet-ip-adapter",
      "controlnet-texture",
    ].map((name) => [
      `${name}.modality enum`,
      "its description also allows presets, weights and combinations",
    ]),
  ),
}

const bound = (value: number | string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value)

/** A field in the terms of the contract. */
const ofContract = (schema: WireSchema) => ({
  type: schema.type,
  minimum: bound(schema.minimum),
  maximum: bound(schema.maximum),
  maxLength: schema.maxLength,
  enum: schema.enum?.toSorted(),
  default: schema.default,
})

const wireTypes: Readonly<Record<string, string>> = {
  string: "string",
  model: "string",
  file: "string",
  number: "number",
  boolean: "boolean",
  inputs: "object",
}
const ofTable = (field: InputDescriptor) => {
  const isList = field.type.endsWith("_array")
  return {
    type: isList ? "array" : wireTypes[field.type],
    // The bounds of a list apply to its elements. The contract has them only in its descriptions.
    minimum: isList ? undefined : field.min,
    maximum: isList ? undefined : field.max,
    maxLength: isList ? undefined : field.maxLength,
    enum: field.allowedValues?.map(String).toSorted(),
    default: field.default,
  }
}

/** Differences between the fields, as `endpoint.field what`. */
const differences = (
  at: string,
  fields: ReadonlyArray<InputDescriptor>,
  schema: WireSchema,
  resolve: (schema: WireSchema) => WireSchema,
): ReadonlyArray<string> => {
  const properties = Object.entries(schema.properties ?? {})
  const byName = new Map(fields.map((field) => [field.name, field]))
  const missing = properties.filter(([name]) => !byName.has(name)).map(([name]) => `${at}.${name} missing`)
  const found = fields.flatMap((field) => {
    const wire = schema.properties?.[field.name]
    if (wire === undefined) return [`${at}.${field.name} not in the contract`]
    const [ours, theirs] = [ofTable(field), ofContract(resolve(wire))]
    const facts = ["type", "minimum", "maximum", "maxLength", "enum", "default"] as const
    const isRequired = schema.required?.includes(field.name) ?? false
    const nested = resolve(resolve(wire).items ?? resolve(wire))
    return [
      ...facts
        .filter((fact) => JSON.stringify(ours[fact]) !== JSON.stringify(theirs[fact]))
        .map((fact) => `${at}.${field.name} ${fact}`),
      ...((field.required?.always ?? false) === isRequired ? [] : [`${at}.${field.name} required`]),
      ...(field.inputs === undefined
        ? []
        : differences(`${at}.${field.name}`, field.inputs, nested, resolve)),
    ]
  })
  return [...missing, ...found]
}

describe("EndpointTable", () => {
  it("has the fields, types, bounds, enumerations, and requirements of Scenario's contract", (context) => {
    if (absence !== undefined) return context.skip(absence)
    const { definitions, paths } = contract()
    const resolve = (schema: WireSchema): WireSchema =>
      schema.$ref === undefined ? schema : resolve(definitions[schema.$ref.split("/").at(-1) ?? ""] ?? {})
    const found = endpointNames.flatMap((name) => {
      const body = paths[endpoints[name].path]?.post?.parameters.find((parameter) => parameter.in === "body")
      return differences(name, endpoints[name].fields, resolve(body?.schema ?? {}), resolve)
    })
    assert.deepStrictEqual(found.toSorted(), Object.keys(exceptions).toSorted())
  })

  it("has all named endpoints of the contract", (context) => {
    if (absence !== undefined) return context.skip(absence)
    const named = Object.keys(contract().paths).filter(
      (path) => path.startsWith("/generate/") && !path.includes("{"),
    )
    assert.deepStrictEqual(endpointNames.map((name) => endpoints[name].path).toSorted(), named.toSorted())
  })

  it("has only job types of the contract", (context) => {
    if (absence !== undefined) return context.skip(absence)
    const text = readFileSync(contractFile, "utf8")
    const known = new Set(
      [...text.matchAll(/"jobType":\s*\{[^}]*"enum":\s*\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
        list.split(",").map((name) => name.trim().replaceAll('"', "")),
      ),
    )
    assert.deepStrictEqual(
      endpointNames.flatMap((name) => endpoints[name].jobTypes.filter((type) => !known.has(type))),
      [],
    )
  })

  it("has a name, a path, and job types for each endpoint", () => {
    for (const name of endpointNames) {
      assert.strictEqual(endpoints[name].name, name)
      assert.strictEqual(endpoints[name].path, `/generate/${name}`)
      assert.isAbove(endpoints[name].jobTypes.length, 0)
    }
    assert.strictEqual(endpointNames.length, 33)
  })

  it("accepts only names of endpoints", () => {
    assert.isTrue(isEndpointName("txt2img"))
    assert.isFalse(isEndpointName("constructor"))
    assert.isFalse(isEndpointName("custom"))
  })

  it("reads inline results only from endpoints that return them", () => {
    for (const name of endpointNames) {
      assert.strictEqual(endpoints[name].readInlineResult !== undefined, endpoints[name].returns === "text")
      assert.isUndefined(endpoints[name].readInlineResult?.({ job: { jobId: "job_1" } }))
    }
  })
})
