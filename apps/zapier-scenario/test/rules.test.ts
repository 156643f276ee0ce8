import { describe, expect, it } from "vitest"
import { at, getKeys, startWorld } from "./zapier.ts"

/** The app's definition. Zapier's servers check it by the rules with these IDs. */
const definition = await (async () => {
  await using world = await startWorld()
  return (await world.run({ command: "definition" })).results
})()

const toList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])
const record = (value: unknown): Readonly<Record<string, unknown>> => Object(value)

const kinds = ["triggers", "searches", "creates"] as const
const actions = kinds.flatMap((kind) =>
  getKeys(at(definition, kind)).map((key) => ({ kind, key, action: at(definition, kind, key) })),
)
const visible = actions.filter(({ action }) => at(action, "display", "hidden") !== true)
const fields = actions.flatMap(({ key, action }) =>
  toList(at(action, "operation", "inputFields"))
    .filter((field) => at(field, "key") !== undefined)
    .map((field) => ({ path: `${key}.${String(at(field, "key"))}`, field })),
)
const authFields = toList(at(definition, "authentication", "fields"))
const helpTexts = [...fields.map(({ field }) => field), ...authFields]
  .map((field) => at(field, "helpText"))
  .filter((text) => typeof text === "string")

const titleCase = /^[A-Z0-9][^\s]*( (\(?[A-Z0-9][^\s]*|a|an|the|of|in|is|as|or|and|to))*$/

describe("Zapier's own checks", () => {
  it("the definition matches Zapier's schema", async () => {
    await using world = await startWorld()
    expect((await world.run({ command: "validate" })).results).toEqual([])
  })

  it("D001 no field of an action asks for a key", () => {
    expect(fields.filter(({ path }) => /api.?key|secret|token|password/i.test(path))).toEqual([])
  })

  it("D002 the fields of the connection link to the page with their values", () => {
    expect(authFields.filter((field) => !/\[[^\]]+\]\(https:/.test(String(at(field, "helpText"))))).toEqual(
      [],
    )
  })

  it("D003 the connection's label has no app name and no secret (5.6)", () => {
    const label = String(at(definition, "authentication", "connectionLabel"))
    expect(label).not.toBe("")
    expect(label).not.toMatch(/scenario|apiKey|apiSecret/i)
  })

  it("D004 fields for IDs have a dropdown", () => {
    const ids = fields.filter(({ path }) => /\.(model|app|asset|generation|collection)$/.test(path))
    expect(ids.length).toBeGreaterThan(6)
    expect(
      ids.filter(({ field }) => at(field, "choices") === undefined && at(field, "dynamic") === undefined),
    ).toEqual([])
    expect(fields.filter(({ field }) => /\bID\b/.test(String(at(field, "label"))))).toEqual([])
  })

  it("D005, D013, D014, D015 references exist", () => {
    const broken = fields.flatMap(({ path, field }) => {
      const [trigger, search] = ["dynamic", "search"].map((name) => at(field, name))
      const isThere = (kind: string, reference: unknown) =>
        typeof reference !== "string" || at(definition, kind, reference.split(".")[0] ?? "") !== undefined
      return [
        ...(isThere("triggers", trigger) && isThere("searches", search) ? [] : [`${path} refers to nothing`]),
        // Zapier shows a search step only beside a dropdown of a trigger.
        ...(search === undefined || trigger !== undefined ? [] : [`${path} hides its search`]),
      ]
    })
    expect(broken).toEqual([])
    const searched = fields.filter(({ field }) => at(field, "search") !== undefined)
    expect(searched.map(({ path }) => path)).toEqual(["generate_asset.model", "start_generation.model"])
  })

  it("D006, D016, D017 there are no hooks", () => {
    const types = getKeys(at(definition, "triggers")).map((key) =>
      at(definition, "triggers", key, "operation", "type"),
    )
    expect(new Set(types)).toEqual(new Set(["polling"]))
  })

  it("D007, D025 every URL is https", () => {
    const urls = JSON.stringify(definition).match(/\bhttps?:\/\/[^"\s)\\]+/g) ?? []
    expect(urls.filter((url) => !url.startsWith("https://"))).toEqual([])
  })

  it("D008 links in help texts are Markdown", () => {
    const bare = helpTexts
      .map((text) => text.replaceAll(/\]\(https[^)]+\)/g, "]"))
      .filter((text) => /https?:\/\//.test(text))
    expect(bare).toEqual([])
  })

  it("D009, D022 searches and creates have a static field", () => {
    const fieldless = visible.filter(
      ({ kind, key }) => kind !== "triggers" && !fields.some(({ path }) => path.startsWith(`${key}.`)),
    )
    expect(fieldless).toEqual([])
  })

  it("D010, D012 samples have an ID", () => {
    expect(
      visible.filter(({ action }) => typeof at(action, "operation", "sample", "id") !== "string"),
    ).toEqual([])
  })

  it("D011 fields have a help text that differs from their label", () => {
    const all = [...fields.map(({ field }) => field), ...authFields]
    const poor = all.filter((field) => at(field, "helpText") === at(field, "label") || !at(field, "helpText"))
    expect(poor).toEqual([])
    expect(helpTexts.filter((text) => text.length > 1000)).toEqual([])
  })

  it("D018 labels are in title case", () => {
    const labels = [
      ...visible.map(({ action }) => at(action, "display", "label")),
      ...visible.map(({ action }) => at(action, "noun")),
      ...fields.map(({ field }) => at(field, "label")),
      ...visible.flatMap(({ action }) =>
        toList(at(action, "operation", "outputFields")).map((field) => at(field, "label")),
      ),
    ]
    expect(labels.filter((label) => !titleCase.test(String(label)))).toEqual([])
  })

  it("D021 descriptions start with the verb of their kind, end in a full stop, and don't name the app", () => {
    const beginnings = { triggers: /^Triggers when /, searches: /^Finds /, creates: /^Generates / }
    const wrong = visible.filter(({ kind, action }) => {
      const description = String(at(action, "display", "description"))
      const names = /zapier|\bscenario\b/i.test(description)
      return (
        !beginnings[kind].test(description) ||
        !description.endsWith(".") ||
        description.length > 1000 ||
        names
      )
    })
    expect(wrong.map(({ key }) => key)).toEqual([])
    const searchLabels = visible
      .filter(({ kind }) => kind === "searches")
      .map(({ action }) => at(action, "display", "label"))
    expect(searchLabels.every((label) => String(label).startsWith("Find "))).toBe(true)
  })

  it("D023, D024 samples agree with the output fields, and have dates with a zone", () => {
    const typeNames = {
      string: "string",
      file: "string",
      datetime: "string",
      boolean: "boolean",
      number: "number",
      integer: "number",
    }
    const wrong = visible.flatMap(({ key, action }) => {
      const sample = record(at(action, "operation", "sample"))
      const outputs = toList(at(action, "operation", "outputFields"))
      const named = new Set(outputs.map((field) => String(at(field, "key")).replace(/\[\].*$/, "")))
      return [
        ...Object.keys(sample)
          .filter((name) => !named.has(name))
          .map((name) => `${key}.${name} has no output field`),
        ...outputs.flatMap((field) => {
          const [name = "", inner] = String(at(field, "key")).split("[]")
          if (!(name in sample)) return [`${key}.${name} is not in the sample`]
          const values =
            inner === undefined
              ? toList([sample[name]]).flat()
              : toList(sample[name]).map((row) => at(row, inner))
          const expected = Object.entries(typeNames).find(([type]) => type === at(field, "type"))?.[1]
          const isWrong = (value: unknown) =>
            value !== null &&
            (typeof value !== expected ||
              (at(field, "type") === "datetime" &&
                !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(JSON.stringify(value).slice(1, -1))))
          return values.filter(isWrong).map((value) => `${key}.${name}: ${JSON.stringify(value)}`)
        }),
      ]
    })
    expect(wrong).toEqual([])
  })

  it("D026 no field takes a domain", () => {
    expect(fields.filter(({ path }) => /url|domain|host|relay/i.test(path))).toEqual([])
  })

  it("D027 the platform is pinned, exactly", () => {
    expect(at(definition, "platformVersion")).toBe("19.1.0")
  })

  it("keys, labels, and nouns have 2 to 64 characters", () => {
    const lengths = actions.map(({ key, action }) => [
      key,
      at(action, "noun"),
      at(action, "display", "label"),
    ])
    expect(lengths.flat().filter((text) => String(text).length < 2 || String(text).length > 64)).toEqual([])
  })
})
