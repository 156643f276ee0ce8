import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { type InputDescriptor, makeRequirement } from "../api/InputDescriptor.ts"
import { endpoints } from "./EndpointTable.ts"
import { checkInputs, type CheckOptions, insertAssetIds } from "./checkInputs.ts"

const getBody = (descriptors: ReadonlyArray<InputDescriptor>, inputs: object, options?: CheckOptions) =>
  Result.getOrThrowWith(
    checkInputs(descriptors, inputs, options),
    (issues) => new Error(JSON.stringify(issues)),
  ).body

const findFiles = (descriptors: ReadonlyArray<InputDescriptor>, inputs: object) =>
  Result.getOrThrowWith(checkInputs(descriptors, inputs), (issues) => new Error(JSON.stringify(issues))).files

const findIssues = (descriptors: ReadonlyArray<InputDescriptor>, inputs: object, options?: CheckOptions) => {
  const result = checkInputs(descriptors, inputs, options)
  return Result.isFailure(result) ? result.failure : []
}

const input = (type: string, facts: Partial<InputDescriptor> = {}): InputDescriptor => ({
  name: "x",
  type,
  ...facts,
})

const always = makeRequirement({ always: true })
const png = "data:image/png;base64,iVBORw0KGgo="
const photo = { fileName: "house.png", bytes: new Uint8Array(2000) }

describe("a value of each type", () => {
  const accepted: ReadonlyArray<readonly [what: string, InputDescriptor, given: unknown, sent: unknown]> = [
    ["text unchanged", input("string"), " a house ", " a house "],
    ["a number instead of text", input("string"), 42, "42"],
    ["empty text if it is optional", input("string"), "", ""],
    ["a number unchanged", input("number", { min: 1, max: 4 }), 4, 4],
    ["text that is a number", input("number"), "1e3", 1000],
    ["a whole number written with decimals", input("number", { step: 1 }), "4.0", 4],
    ["a number on a step from zero", input("number", { min: 1, step: 8 }), 512, 512],
    ["a number on a step from the minimum", input("number", { min: 1, step: 8 }), 9, 9],
    ["a step that floats can't represent", input("number", { min: 0, step: 0.1 }), 0.3, 0.3],
    ["false unchanged", input("boolean"), false, false],
    ["text that says true", input("boolean"), "true", true],
    ["the allowed number for its text", input("number", { allowedValues: [512, 1024] }), "1024", 1024],
    ["the allowed text for its number", input("string", { allowedValues: ["512", "1024"] }), 1024, "1024"],
    ["any value if the allowed ones are objects", input("string", { allowedValues: [{ a: 1 }] }), "b", "b"],
    ["an asset ID", input("file", { kind: "image" }), "U3PCs8OoQbmiTzl91FHQhw", "U3PCs8OoQbmiTzl91FHQhw"],
    ["a data URL of its kind", input("file", { kind: "image" }), png, png],
    ["a list of files", input("file_array"), ["asset_1", png], ["asset_1", png]],
    ["one file instead of a list", input("file_array"), "asset_1", ["asset_1"]],
    ["texts", input("string_array", { allowedValues: ["a", "b"] }), ["b", "a"], ["b", "a"]],
    ["texts that are written as a JSON list", input("string_array"), ' ["a","b"] ', ["a", "b"]],
    ["text in brackets that isn't JSON", input("string_array"), "[a] b", ["[a] b"]],
    ["numbers that are written as a JSON list", input("number_array"), "[1, 2]", [1, 2]],
    ["numbers, some of them texts", input("number_array", { min: 0, max: 1 }), [0.5, "1"], [0.5, 1]],
    ["lists of numbers", input("number_array_array"), [[1, 2, 3]], [[1, 2, 3]]],
    ["a model", input("model"), "model_1", "model_1"],
    ["one model instead of a list", input("model_array"), "model_1", ["model_1"]],
    [
      "objects, by the types of their inputs",
      input("inputs_array", { inputs: [{ name: "scale", type: "number" }] }),
      [{ scale: "0.5" }, { scale: null }],
      [{ scale: 0.5 }, {}],
    ],
    [
      "one object instead of a list",
      input("inputs_array", { inputs: [{ name: "scale", type: "number" }] }),
      { scale: 1 },
      [{ scale: 1 }],
    ],
    ["an object", input("inputs", { inputs: [{ name: "y", type: "number" }] }), { y: 1 }, { y: 1 }],
    ["any value for an unknown type", input("hologram"), { beam: [1] }, { beam: [1] }],
    ["a single value for a list of an unknown type", input("hologram_array"), 7, 7],
  ]
  for (const [what, descriptor, given, sent] of accepted) {
    it(`accepts ${what}`, () => assert.deepStrictEqual(getBody([descriptor], { x: given }), { x: sent }))
  }

  const refused: ReadonlyArray<
    readonly [what: string, InputDescriptor, given: unknown, expected: string, got: string]
  > = [
    ["true for text", input("string"), true, "text", "true"],
    [
      "text that is too long",
      input("string", { maxLength: 3 }),
      "abcd",
      "text of at most 3 characters",
      "text of 4 characters",
    ],
    [
      "text that is too short",
      input("string", { minLength: 2, maxLength: 3 }),
      "a",
      "text of 2 to 3 characters",
      "text of 1 character",
    ],
    ["text that isn't allowed", input("string", { allowedValues: ["a", "b"] }), "c", "one of a, b", '"c"'],
    [
      "a number that is too small",
      input("number", { min: 1, max: 128, step: 1 }),
      0,
      "a whole number from 1 to 128",
      "0",
    ],
    ["a number that is too large", input("number", { max: 2 }), 2.5, "a number at most 2", "2.5"],
    [
      "a number between steps",
      input("number", { min: 64, max: 2048, step: 8 }),
      65,
      "a number from 64 to 2048 in steps of 8",
      "65",
    ],
    ["a number that isn't allowed", input("number", { allowedValues: [16, 32] }), 20, "one of 16, 32", "20"],
    ["text for a number", input("number"), "four", "a number", '"four"'],
    ["empty text for a number", input("number"), "", "a number", "empty text"],
    [
      "an integer of more than 64 bits",
      input("number"),
      "18446744073709551616",
      "a number",
      '"18446744073709551616"',
    ],
    ["NaN", input("number"), Number.NaN, "a number", "NaN"],
    ["1 for a boolean", input("boolean"), 1, "true or false", "1"],
    ["yes for a boolean", input("boolean"), "yes", "true or false", '"yes"'],
    [
      "a number for a file",
      input("file", { kind: "image" }),
      7,
      "an image (an asset ID, a data URL, a URL, or a file)",
      "7",
    ],
    [
      "another kind of data URL",
      input("file", { kind: "video" }),
      png,
      "a video (an asset ID, a data URL, a URL, or a file)",
      "a data URL of 8 bytes",
    ],
    [
      "a file that is too large",
      input("file", { maxSize: 1000 }),
      photo,
      "a file of at most 1 kB (an asset ID, a data URL, a URL, or a file)",
      'the file "house.png" of 2 kB',
    ],
    [
      "another kind of file",
      input("file", { kind: "audio" }),
      photo,
      "an audio file (an asset ID, a data URL, a URL, or a file)",
      'the file "house.png" of 2 kB',
    ],
    [
      "an empty model",
      input("model", { modelTypes: ["flux.1-lora"] }),
      " ",
      "the ID of a model (flux.1-lora)",
      '" "',
    ],
    [
      "text for an object",
      input("inputs", { inputs: [{ name: "y", type: "number" }] }),
      "y",
      "an object with y",
      '"y"',
    ],
    [
      "too many elements",
      input("file_array", { maxLength: 1 }),
      ["a", "b"],
      "a list of at most 1 element, each a file (an asset ID, a data URL, a URL, or a file)",
      "a list of 2 elements",
    ],
    [
      "too few elements",
      input("number_array", { minLength: 4, maxLength: 4 }),
      [1],
      "a list of exactly 4 elements, each a number",
      "a list of 1 element",
    ],
  ]
  for (const [what, descriptor, given, expected, got] of refused) {
    it(`refuses ${what}`, () =>
      assert.deepStrictEqual(findIssues([descriptor], { x: given }), [
        { path: "x", message: `Expected ${expected}, got ${got}.`, expected, got },
      ]))
  }

  it("names the wrong element, also in nested lists", () => {
    const shots = input("inputs_array", { inputs: [{ name: "frames", type: "number_array", max: 5 }] })
    assert.deepStrictEqual(
      findIssues([shots], { x: [{ frames: [1] }, { frames: [1, 9] }] }).map((issue) => issue.path),
      ["x[1].frames[1]"],
    )
    assert.deepStrictEqual(
      findIssues([input("number_array_array")], { x: [1, 2] }).map((issue) => issue.path),
      ["x[0]", "x[1]"],
    )
  })

  it("refuses an element that is null", () => {
    assert.deepStrictEqual(findIssues([input("file_array")], { x: ["asset_1", null] })[0]?.path, "x[1]")
  })
})

describe("the value in an issue", () => {
  const getGot = (given: unknown) => findIssues([input("boolean")], { x: given })[0]?.got

  it("is short", () => {
    assert.isAtMost(getGot("a long story ".repeat(50))?.length ?? Infinity, 80)
  })
  it("doesn't contain a file's content", () => {
    assert.strictEqual(getGot(`data:image/png;base64,${"A".repeat(1_600_000)}`), "a data URL of 1.2 MB")
    assert.strictEqual(getGot(photo), 'the file "house.png" of 2 kB')
  })
  it("doesn't contain a URL's signature", () => {
    assert.strictEqual(getGot("https://cdn.test/a.png?Signature=s3cret"), '"https://cdn.test/a.png"')
  })
  it("is the kind of a list or an object", () => {
    assert.strictEqual(getGot([1, 2]), "a list of 2 elements")
    assert.strictEqual(getGot({}), "an object")
  })
})

describe("required inputs", () => {
  const other: InputDescriptor = { name: "other", type: "string" }
  const needed = (conditions: Parameters<typeof makeRequirement>[0]) => [
    input("string", { required: makeRequirement(conditions) }),
    other,
  ]
  const isMissing = (descriptors: ReadonlyArray<InputDescriptor>, inputs: object) =>
    findIssues(descriptors, inputs).some((issue) => issue.path === "x" && issue.got === "nothing")

  it("are missing if they are absent, undefined, null, empty, or an empty list", () => {
    for (const inputs of [{}, { x: undefined }, { x: null }, { x: "" }]) {
      assert.isTrue(isMissing([input("string", { required: always })], inputs))
    }
    assert.isTrue(isMissing([input("file_array", { required: always })], { x: [] }))
    assert.isFalse(isMissing([input("number", { required: always })], { x: 0 }))
    assert.isFalse(isMissing([input("boolean", { required: always })], { x: false }))
  })

  it("are missing if they contain only white space", () => {
    const getGot = (type: string, x: unknown) =>
      findIssues([input(type, { required: always })], { x }).map(({ got }) => got)
    for (const blank of ["   ", "\n\n", "\t\r\n", "\u00a0", "\u200b\ufeff"]) {
      assert.deepStrictEqual(getGot("string", blank), ["only white space"])
    }
    assert.deepStrictEqual(getGot("string_array", [" ", "", null]), ["a list of blank elements"])
    assert.deepStrictEqual(getGot("string", " . "), [])
    const shots = input("inputs_array", { inputs: [{ name: "prompt", type: "string", required: always }] })
    assert.deepStrictEqual(
      findIssues([shots], { x: [{ prompt: "one" }, { prompt: " " }] }).map(({ path }) => path),
      ["x[1].prompt"],
    )
    assert.isFalse(isMissing(needed({ ifDefined: ["other"] }), { other: " " }))
    assert.lengthOf(findIssues(needed({ ifNotDefined: ["other"] }), { other: " ", x: "\n" }), 1)
  })

  it("can be required if another input is set", () => {
    const descriptors = needed({ ifDefined: ["other"] })
    assert.isTrue(isMissing(descriptors, { other: "a" }))
    assert.isFalse(isMissing(descriptors, { other: null }))
    assert.isFalse(isMissing(descriptors, { other: "a", x: "b" }))
  })

  it("can be required if no other input is set", () => {
    const descriptors = [...needed({ ifNotDefined: ["other", "third"] }), { name: "third", type: "string" }]
    assert.isTrue(isMissing(descriptors, {}))
    assert.isFalse(isMissing(descriptors, { third: "a" }))
  })

  it("can be required if another input has a value, set or by default", () => {
    const conditionalValues = [{ input: "other", values: ["edit", "mix"] }]
    assert.isTrue(isMissing(needed({ conditionalValues }), { other: "mix" }))
    assert.isFalse(isMissing(needed({ conditionalValues }), { other: "draw" }))
    assert.isFalse(isMissing(needed({ conditionalValues }), {}))
    const byDefault = [
      input("string", { required: makeRequirement({ conditionalValues }) }),
      { ...other, default: "edit" },
    ]
    assert.isTrue(isMissing(byDefault, {}))
    assert.isFalse(isMissing(byDefault, { other: "draw" }))
  })

  it("are refused with the reason why they are required", () => {
    assert.strictEqual(
      findIssues(needed({ ifDefined: ["other"] }), { other: "a" })[0]?.message,
      "Missing. Provide text. It is required because `other` is set.",
    )
    assert.strictEqual(
      findIssues(needed({ ifNotDefined: ["other"] }), {})[0]?.message,
      "Missing. Provide text. Or set `other` instead.",
    )
    assert.strictEqual(
      findIssues(needed({ conditionalValues: [{ input: "other", values: [1] }] }), { other: 1 })[0]?.message,
      "Missing. Provide text. It is required because `other` is 1.",
    )
  })
})

describe("the names of inputs", () => {
  const descriptors = [input("string", { name: "negativePrompt" }), input("number", { name: "width" })]

  it("are refused if they are unknown, with a suggestion", () => {
    assert.deepStrictEqual(findIssues(descriptors, { negative_prompt: "fog", widht: 5, colour: "red" }), [
      { path: "negative_prompt", message: "Unknown input. Did you mean `negativePrompt`?" },
      { path: "widht", message: "Unknown input. Did you mean `width`?" },
      { path: "colour", message: "Unknown input. Remove it." },
    ])
  })

  it("can be unknown if that is allowed", () => {
    assert.deepStrictEqual(getBody(descriptors, { fog: [1, { a: 2 }] }, { allowUnknown: true }), {
      fog: [1, { a: 2 }],
    })
  })

  it("can't be dryRun, because the API would ignore it and run a paid job", () => {
    for (const allowUnknown of [true, false]) {
      assert.strictEqual(findIssues(descriptors, { dryRun: true }, { allowUnknown })[0]?.path, "dryRun")
    }
  })

  it("are reported together, with the prefix", () => {
    assert.deepStrictEqual(
      findIssues(
        descriptors,
        { negativePrompt: true, width: "wide", height: 1 },
        { pathPrefix: "inputs" },
      ).map((issue) => issue.path),
      ["inputs.negativePrompt", "inputs.width", "inputs.height"],
    )
  })

  it("can't change an object's prototype", () => {
    const inputs: object = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')
    const body = getBody(descriptors, inputs, { allowUnknown: true })
    assert.isTrue(Object.hasOwn(body, "__proto__"))
    assert.isUndefined(Reflect.get({}, "polluted"))
  })
})

describe("files", () => {
  const descriptors = [
    input("file", { name: "image", kind: "image" }),
    input("file_array", { name: "references", kind: "image" }),
    input("inputs_array", { name: "shots", inputs: [{ name: "frame", type: "file" }] }),
  ]
  const link = "https://example.test/b.png?Signature=abc"
  const inputs = { image: photo, references: ["asset_1", link, png], shots: [{ frame: photo }] }

  it("to upload or import are listed with their paths", () => {
    assert.deepStrictEqual(findFiles(descriptors, inputs), [
      { path: ["image"], value: photo, kind: "image" },
      { path: ["references", 1], value: link, kind: "image" },
      { path: ["shots", 0, "frame"], value: photo, kind: undefined },
    ])
  })

  it("are replaced by their asset IDs", () => {
    const checked = Result.getOrThrow(checkInputs(descriptors, inputs))
    assert.deepStrictEqual(insertAssetIds(checked, ["asset_a", "asset_b", "asset_c"]), {
      image: "asset_a",
      references: ["asset_1", "asset_b", png],
      shots: [{ frame: "asset_c" }],
    })
  })

  it("are found even if no schema mentions a file", () => {
    const unknown = { shots: [{ frame: photo, at: 1 }], cover: photo, since: new Date(0) }
    for (const known of [[], [input("hologram", { name: "shots" })]]) {
      const checked = Result.getOrThrow(checkInputs(known, unknown, { allowUnknown: true }))
      assert.deepStrictEqual(
        checked.files.map((file) => file.path),
        [["shots", 0, "frame"], ["cover"]],
      )
      assert.deepStrictEqual(insertAssetIds(checked, ["asset_a", "asset_b"]), {
        shots: [{ frame: "asset_a", at: 1 }],
        cover: "asset_b",
        since: new Date(0),
      })
    }
  })

  it("go into the field for asset IDs if the other field only takes data URLs", () => {
    const { fields } = endpoints.inpaint
    const base = { modelId: "model_1", prompt: "a house", image: "asset_1" }
    assert.deepStrictEqual(getBody(fields, { ...base, mask: "asset_2" }), { ...base, maskId: "asset_2" })
    assert.deepStrictEqual(getBody(fields, { ...base, mask: png }), { ...base, mask: png })
    assert.deepStrictEqual(findFiles(fields, { ...base, mask: photo }), [
      { path: ["maskId"], value: photo, kind: "image" },
    ])
    assert.deepStrictEqual(findIssues(fields, { ...base, mask: png, maskId: "asset_2" })[0], {
      path: "mask",
      message: "`maskId` is set, too. Remove one of them.",
    })
  })

  it("can't be mixed with data URLs in such a list", () => {
    const { fields } = endpoints["txt2img-ip-adapter"]
    const base = { modelId: "model_1", prompt: "a house" }
    assert.deepStrictEqual(getBody(fields, { ...base, ipAdapterImages: ["asset_1", "asset_2"] }), {
      ...base,
      ipAdapterImageIds: ["asset_1", "asset_2"],
    })
    assert.include(
      findIssues(fields, { ...base, ipAdapterImages: [png, photo] })[0]?.message,
      "can't mix data URLs with asset IDs or files",
    )
  })
})
