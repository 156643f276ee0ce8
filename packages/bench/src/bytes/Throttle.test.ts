import { assert, describe, it } from "vitest"
import { VirtualTime } from "../world/VirtualTime.ts"
import { Throttle } from "./Throttle.ts"

const bytesPerSecond = 125_000_000
const chunk = 65_536

/** Megabytes that each connection transfers in ten seconds, one chunk after another. */
const carried = async (connections: number, lateMs: number): Promise<ReadonlyArray<number>> => {
  const time = new VirtualTime()
  const throttle = new Throttle({
    bytesPerSecond,
    now: () => time.now,
    sleep: (ms) => time.sleep(ms + lateMs),
  })
  const endsAt = time.now + 10_000
  return time.run(() =>
    Promise.all(
      Array.from({ length: connections }, async () => {
        let bytes = 0
        while (time.now < endsAt) {
          await throttle.pass(chunk)
          bytes += chunk
        }
        return bytes / 1e6
      }),
    ),
  )
}

describe("Throttle", () => {
  it.each([
    [1, 0],
    [4, 0],
    [4, 2],
    [16, 2],
  ])("uses the whole link and shares it evenly (%i connections, timers %i ms late)", async (count, late) => {
    const each = await carried(count, late)
    const total = each.reduce((sum, megabytes) => sum + megabytes, 0)
    assert.approximately(total, 1_250, 12.5)
    assert.isBelow(Math.max(...each) - Math.min(...each), 0.02 * total)
  })

  it("accumulates no capacity while idle", async () => {
    const time = new VirtualTime()
    const throttle = new Throttle({ bytesPerSecond, now: () => time.now, sleep: time.sleep })
    const tookMs = await time.run(async () => {
      await throttle.pass(chunk)
      await time.sleep(60_000)
      const begun = time.now
      await throttle.pass(bytesPerSecond)
      return time.now - begun
    })
    assert.approximately(tookMs, 1_000, 11)
  })
})
