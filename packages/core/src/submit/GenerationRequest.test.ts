import { assert, describe, it } from "@effect/vitest"
import { readModel } from "../api/Model.ts"
import { findModeIssue, findModes } from "./GenerationMode.ts"
import {
  describeRequest,
  type GenerationRequest,
  getRequestMethod,
  getModelId,
  getRequestPath,
  findRequestIssue,
} from "./GenerationRequest.ts"

const ofModel: GenerationRequest = { model: "model_a/b", inputs: { prompt: "a secret plan" } }
const ofEndpoint: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_1", prompt: "a secret plan" },
}
const ofWorkflow: GenerationRequest = { workflow: "wflow_1", inputs: { prompt: "a secret plan" } }
const embedding: GenerationRequest = { endpoint: "embed", inputs: { text: "a secret plan" } }

describe("a generation request", () => {
  it("has its own path", () => {
    assert.strictEqual(getRequestPath(ofModel), "/generate/custom/model_a%2Fb")
    assert.strictEqual(getRequestPath(ofEndpoint), "/generate/txt2img")
    assert.strictEqual(getRequestPath(ofWorkflow), "/workflows/wflow_1/run")
  })

  it("is sent by POST, or by PUT if it runs a workflow", () => {
    assert.deepStrictEqual([ofModel, ofEndpoint, ofWorkflow].map(getRequestMethod), ["POST", "POST", "PUT"])
  })

  it("names its model if it has one", () => {
    assert.deepStrictEqual([ofModel, ofEndpoint, ofWorkflow, embedding].map(getModelId), [
      "model_a/b",
      "model_1",
      undefined,
      undefined,
    ])
  })

  it("is described without its inputs", () => {
    assert.deepStrictEqual([ofModel, ofEndpoint, ofWorkflow, embedding].map(describeRequest), [
      "model model_a/b",
      "txt2img with model_1",
      "workflow wflow_1",
      "embed",
    ])
  })
})

describe("a model that doesn't run by its own inputs", () => {
  const model = (facts: object) => readModel({ id: "model_1", ...facts }) ?? assert.fail("no model")
  const capabilities = ["txt2img", "txt2img_ip_adapter", "controlnet", "img2video"]

  it("runs in the modes of its capabilities", () => {
    assert.deepStrictEqual(findModes(model({ capabilities })), [
      "txt2img",
      "controlnet",
      "txt2img-ip-adapter",
    ])
    assert.deepStrictEqual(findModeIssue(model({ custom: false, capabilities })), {
      path: "model",
      message:
        "model_1 can't be run directly. Pass one of these endpoints instead, with this model as modelId: txt2img, controlnet, txt2img-ip-adapter.",
    })
  })

  it("has an issue if its capabilities name no mode", () => {
    assert.include(findModeIssue(model({ custom: false }))?.message, "has an endpoint")
  })

  it("has no issue if the API says that it is custom, or doesn't say", () => {
    assert.isUndefined(findModeIssue(model({ custom: true, capabilities })))
    assert.isUndefined(findModeIssue(model({ capabilities })))
  })
})

describe("findRequestIssue", () => {
  it.each([
    [{ inputs: {} }, "request"],
    [{ model: "model_x", endpoint: "txt2img", inputs: {} }, "request"],
    [{ model: "model_x" }, "inputs"],
    [{ endpoint: "text2img", inputs: {} }, "endpoint"],
    [{ endpoint: 7, inputs: {} }, "endpoint"],
  ])("names what is wrong with %j", (request, path) => {
    // JavaScript callers can pass what the types forbid.
    assert.strictEqual(findRequestIssue(JSON.parse(JSON.stringify(request)))?.path, path)
  })

  it("suggests the endpoint that was probably meant", () => {
    assert.include(
      findRequestIssue(JSON.parse('{"endpoint":"tx2img","inputs":{}}'))?.message,
      "Did you mean `txt2img`?",
    )
  })
})
