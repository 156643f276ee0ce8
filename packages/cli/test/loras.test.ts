import { assert, describe, it } from "vitest"
import { openTestCli } from "./support/TestCli.ts"

describe.concurrent("a LoRA", () => {
  it("runs by its name, with a strength and another LoRA", async () => {
    await using cli = await openTestCli()
    const lora = cli.simulator.addModel({ name: "Ink" })
    const watercolors = ["generate", "my Watercolors", "-p", "a red house", "--no-wait"]
    const ended = await cli.run(...watercolors, "--strength", "0.8", "--lora", "ink=0.4")
    assert.strictEqual(ended.exitCode, 0, ended.stderr)
    const [entry] = cli.simulator.ledger().entries
    assert.strictEqual(entry?.endpoint, "/generate/custom/model_bfl-flux-1-dev")
    assert.deepInclude(Object(entry?.body), {
      loras: ["model_own-watercolor", lora],
      lorasScale: [0.8, 0.4],
    })
    assert.deepStrictEqual(cli.simulator.violations(), [])
  })

  it("is refused with the IDs of all models that have its name", async () => {
    await using cli = await openTestCli()
    const ids = [cli.simulator.addModel({ name: "Ink" }), cli.simulator.addModel({ name: "ink" })]
    const { exitCode, stderr } = await cli.run("generate", "INK", "-p", "a red house", "--dry-run")
    assert.strictEqual(exitCode, 2)
    for (const id of ids) assert.include(stderr, id)
  })

  it("runs on the base that --base-model names", async () => {
    await using cli = await openTestCli()
    const watercolor = ["generate", "model_own-watercolor", "-p", "a red house", "--no-wait"]
    const { exitCode, stderr } = await cli.run(...watercolor, "--base-model", "model_flux-composer")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(cli.simulator.ledger().entries[0]?.endpoint, "/generate/custom/model_flux-composer")
  })

  it("is shown with the inputs of its base and the command that runs it", async () => {
    await using cli = await openTestCli()
    const [text, json, facts] = await Promise.all([
      cli.run("models", "inputs", "My portraits"),
      cli.run("models", "inputs", "model_own-portraits", "--json"),
      cli.run("models", "get", "model_own-portraits"),
    ])
    assert.include(text.stdout, "numOutputs")
    assert.include(text.stderr, "It runs on model_bfl-flux-2-dev")
    const { baseModel, inputs } = JSON.parse(json.stdout)
    assert.strictEqual(baseModel, "model_bfl-flux-2-dev")
    assert.strictEqual(inputs[0].name, "prompt")
    assert.include(facts.stdout, "scenario generate model_own-portraits …")
  })
})
