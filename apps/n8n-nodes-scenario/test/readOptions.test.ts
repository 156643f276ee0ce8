import { assert, describe, it } from "vitest"
import { readOptions } from "../nodes/Scenario/readOptions.ts"
import { readBoolean } from "../nodes/Scenario/readValues.ts"

describe("options", () => {
  it.each(["5 CU", "", "  ", null, undefined, true, {}, [], "Infinity", Number.NaN, -1, "-0.5"])(
    "refuses %j as Maximum Cost: a limit that counts for nothing would be paid for",
    (maxCost) => {
      assert.throws(
        () => readOptions({ maxCost }),
        /^Maximum Cost must be a number of at least 0, but it is /,
      )
    },
  )

  it("reads a number, or a text that is one", () => {
    assert.deepStrictEqual(readOptions({ maxCost: "5.5", timeoutMinutes: 0, concurrency: "2" }), {
      maxCost: 5.5,
      timeoutMinutes: 0,
      concurrency: 2,
    })
    assert.deepStrictEqual(readOptions({}), {})
  })

  it.each([
    ["timeoutMinutes", "soon", /^Timeout \(Minutes\) must be a number/],
    ["timeoutMinutes", null, /^Timeout \(Minutes\) must be a number/],
    ["concurrency", 0, /^Concurrency must be a whole number from 1 to 50, but it is 0/],
    ["concurrency", 2.5, /^Concurrency must be a whole number/],
    ["download", "never", /^Download Files must be true or false, but it is "never"/],
    ["download", "", /^Download Files must be true or false, but it is empty/],
    ["reuseJobs", null, /^Reuse Jobs on Retry must be true or false/],
    ["allowUnknownInputs", 2, /^Allow Unknown Inputs must be true or false/],
    ["output", "asset", /^Output must be file or job/],
    ["onTimeout", null, /^On Timeout must be error or return/],
    ["fileName", { a: 1 }, /^File Name must be a text/],
    ["binaryField", null, /^Put Output File in Field must be a text/],
    ["inputsJson", "a red house", /^Inputs \(JSON\) is not a JSON object: it is "a red house"/],
    ["inputsJson", null, /^Inputs \(JSON\) is not a JSON object: it is empty/],
    ["rendition", "raw", /^File Version must be original or preview or file, but it is "raw"/],
    ["kind", "film", /^Kind must be /],
    ["callbackUrl", "example.com/done", /^Callback URL is not a URL: it is "example.com\/done"/],
    ["callbackUrl", null, /^Callback URL must be a text/],
  ])("refuses %s: %j", (name, value, message) => {
    assert.throws(() => readOptions({ [name]: value }), message)
  })

  it("reads booleans as n8n itself does, and choices by value or label in any case", () => {
    for (const yes of [true, "TRUE", " true ", 1, "1"]) assert.isTrue(readBoolean("It", yes))
    for (const no of [false, "False", 0, "0"]) assert.isFalse(readBoolean("It", no))
    assert.deepStrictEqual(readOptions({ output: "one item per file", onTimeout: "Return" }), {
      output: "file",
      onTimeout: "return",
    })
  })

  it("names a field of File Name that does not exist, instead of dropping it", () => {
    assert.throws(() => readOptions({ fileName: "{promt}-{index}" }), /^File Name has no field \{promt\}/)
    assert.deepStrictEqual(readOptions({ fileName: "{prompt}-{index}" }), { fileName: "{prompt}-{index}" })
  })

  it("quotes no more than the start of what it refuses", () => {
    try {
      readOptions({ maxCost: "A".repeat(1_000_000) })
      assert.fail("it is read")
    } catch (error) {
      assert.isBelow(String(error).length, 400)
    }
  })
})
