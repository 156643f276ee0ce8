import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { type Desk, openDesk, txt2img } from "./support/cli.ts"

const getCacheFolder = (desk: Desk) => `${desk.folder}/.cache/scenario-automation/durations`

const findFile = (desk: Desk): string => {
  const [name = "", ...others] = readdirSync(getCacheFolder(desk))
  assert.isEmpty(others)
  return `${getCacheFolder(desk)}/${name}`
}

const countLearned = (desk: Desk): ReadonlyArray<number> =>
  JSON.parse(readFileSync(findFile(desk), "utf8")).models.map(
    (model: { jobs: unknown[] }) => model.jobs.length,
  )

describe.concurrent("what one call learned of how long jobs take", () => {
  it("is there for the next one", async () => {
    await using desk = await openDesk()
    await desk.run(...txt2img)
    assert.deepEqual(countLearned(desk), [1])
    await desk.run(...txt2img)
    assert.deepEqual(countLearned(desk), [2])
  })

  it("is not written if nothing was learned", async () => {
    await using desk = await openDesk()
    await desk.run("models", "list")
    assert.isFalse(existsSync(getCacheFolder(desk)))
  })

  it("is learned again if the file is broken", async () => {
    await using desk = await openDesk()
    await desk.run(...txt2img)
    writeFileSync(findFile(desk), '{"version":1,"mod')
    const { exitCode, stderr } = await desk.run(...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
    assert.deepEqual(countLearned(desk), [1])
  })

  it("may be lost: an unwritable cache folder stops no command", async () => {
    await using desk = await openDesk()
    writeFileSync(`${desk.folder}/occupied`, "")
    const { exitCode, stderr } = await desk.runWith({ XDG_CACHE_HOME: `${desk.folder}/occupied` }, ...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
  })
})
