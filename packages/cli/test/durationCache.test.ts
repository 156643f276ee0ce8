import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { type Desk, openDesk, txt2img } from "./support/cli.ts"

const cacheOf = (desk: Desk) => `${desk.folder}/.cache/scenario-automation/durations`

const fileOf = (desk: Desk): string => {
  const [name = "", ...others] = readdirSync(cacheOf(desk))
  assert.isEmpty(others)
  return `${cacheOf(desk)}/${name}`
}

const learnedBy = (desk: Desk): ReadonlyArray<number> =>
  JSON.parse(readFileSync(fileOf(desk), "utf8")).models.map((model: { jobs: unknown[] }) => model.jobs.length)

describe.concurrent("what one call has learned of how long jobs take", () => {
  it("is there for the next one", async () => {
    await using desk = await openDesk()
    await desk.run(...txt2img)
    assert.deepEqual(learnedBy(desk), [1])
    await desk.run(...txt2img)
    assert.deepEqual(learnedBy(desk), [2])
  })

  it("is not written where nothing was learned", async () => {
    await using desk = await openDesk()
    await desk.run("models", "list")
    assert.isFalse(existsSync(cacheOf(desk)))
  })

  it("is learned again where the file is broken", async () => {
    await using desk = await openDesk()
    await desk.run(...txt2img)
    writeFileSync(fileOf(desk), '{"version":1,"mod')
    const { exitCode, stderr } = await desk.run(...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
    assert.deepEqual(learnedBy(desk), [1])
  })

  it("may be lost: a cache folder that cannot be written stops nobody", async () => {
    await using desk = await openDesk()
    writeFileSync(`${desk.folder}/occupied`, "")
    const { exitCode, stderr } = await desk.runWith({ XDG_CACHE_HOME: `${desk.folder}/occupied` }, ...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
  })
})
