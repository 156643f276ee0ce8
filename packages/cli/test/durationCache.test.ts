import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { type TestCli, openTestCli, txt2img } from "./support/TestCli.ts"

const getCacheFolder = (cli: TestCli) => `${cli.folder}/.cache/scenario-automation/durations`

const findFile = (cli: TestCli): string => {
  const [name = "", ...others] = readdirSync(getCacheFolder(cli))
  assert.isEmpty(others)
  return `${getCacheFolder(cli)}/${name}`
}

const countLearned = (cli: TestCli): ReadonlyArray<number> =>
  JSON.parse(readFileSync(findFile(cli), "utf8")).models.map(
    (model: { jobs: Array<unknown> }) => model.jobs.length,
  )

describe.concurrent("the duration cache", () => {
  it("is extended by each run", async () => {
    await using cli = await openTestCli()
    await cli.run(...txt2img)
    assert.deepEqual(countLearned(cli), [1])
    await cli.run(...txt2img)
    assert.deepEqual(countLearned(cli), [2])
  })

  it("is not written without a new duration", async () => {
    await using cli = await openTestCli()
    await cli.run("models", "list")
    assert.isFalse(existsSync(getCacheFolder(cli)))
  })

  it("is replaced if its file is damaged", async () => {
    await using cli = await openTestCli()
    await cli.run(...txt2img)
    writeFileSync(findFile(cli), '{"version":1,"mod')
    const { exitCode, stderr } = await cli.run(...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
    assert.deepEqual(countLearned(cli), [1])
  })

  it("can be unwritable without failing a command", async () => {
    await using cli = await openTestCli()
    writeFileSync(`${cli.folder}/occupied`, "")
    const { exitCode, stderr } = await cli.runWith({ XDG_CACHE_HOME: `${cli.folder}/occupied` }, ...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
  })
})
