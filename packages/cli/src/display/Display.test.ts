import { DurationHistory, type Job } from "@scenario-automation/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { openDisplay } from "./Display.ts"

class Screen {
  readonly isTTY: boolean
  columns = 100
  readonly rows = 24
  written = ""

  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }

  write(text: string): void {
    this.written += text
  }

  /** What was written since the last time. */
  take(): string {
    const text = this.written
    this.written = ""
    return text
  }
}

const aJob: Job = {
  jobId: "job_1",
  jobType: "inference",
  status: "in-progress",
  progress: 0.25,
  statusHistory: [],
  assetIds: [],
  refundDisabled: false,
  steps: [],
}

const hideCursor = "\u001B[?25l"
const showCursor = "\u001B[?25h"

describe("a display", () => {
  it.effect("redraws in place on a terminal, and shows the cursor again at the end", () =>
    Effect.gen(function* () {
      const screen = new Screen(true)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const display = yield* openDisplay(screen, {})
          const track = yield* display.track("txt2img")
          yield* TestClock.adjust("100 millis")
          assert.include(screen.take(), hideCursor)
          yield* track.submitted({ jobId: "job_1" }, 5)
          yield* TestClock.adjust("1 second")
          yield* track.updated({ _tag: "JobProgressed", job: aJob, progress: 0.25 })
          screen.take()
          yield* TestClock.adjust("100 millis")
          const frame = screen.take()
          assert.include(frame, "\u001B[1A\r")
          assert.include(frame, "25 %")
          assert.include(frame, "\u001B[36m")
          assert.strictEqual(frame.split("\n").length, 2)
        }),
      )
      assert.isTrue(screen.take().endsWith(showCursor))
    }).pipe(Effect.provide(DurationHistory.layer)),
  )

  it.effect("moves up by the rows of the old frame in a window that became narrower", () =>
    Effect.gen(function* () {
      const screen = new Screen(true)
      const display = yield* openDisplay(screen, { NO_COLOR: "1" })
      const track = yield* display.track("txt2img")
      yield* track.submitted({ jobId: "job_1" })
      yield* track.updated({ _tag: "JobProgressed", job: aJob, progress: 0.25 })
      yield* TestClock.adjust("100 millis")
      screen.take()
      screen.columns = 50
      yield* TestClock.adjust("100 millis")
      const frame = screen.take()
      assert.include(frame, "\u001B[2A\r")
      assert.notInclude(frame, "\u001B[3")
    }).pipe(Effect.scoped, Effect.provide(DurationHistory.layer)),
  )

  it.effect("draws on a terminal that reports no size", () =>
    Effect.gen(function* () {
      const screen = new Screen(true)
      screen.columns = 0
      const display = yield* openDisplay(screen, { NO_COLOR: "1" })
      yield* display.track("txt2img")
      yield* TestClock.adjust("1 second")
      assert.include(screen.written, "\u001B[1A\r")
      assert.notInclude(screen.written, "Infinity")
    }).pipe(Effect.scoped, Effect.provide(DurationHistory.layer)),
  )

  for (const [where, isTTY, environment] of [
    ["in a pipe", false, {}],
    ["on a dumb terminal", true, { TERM: "dumb" }],
  ] as const) {
    it.effect(`prints a line for each change ${where}`, () =>
      Effect.gen(function* () {
        const screen = new Screen(isTTY)
        const display = yield* openDisplay(screen, environment)
        const track = yield* display.track("txt2img")
        yield* track.submitted({ jobId: "job_1" }, 5)
        yield* track.updated({ _tag: "JobProgressed", job: aJob, progress: 0.25 })
        track.downloading(1, 10, 20)
        yield* TestClock.adjust("2 seconds")
        yield* track.delivered([{ bytes: 2_000 }], 5)
        assert.strictEqual(
          screen.written,
          [
            "txt2img (job_1): submitted for 5 compute units",
            "txt2img (job_1): in-progress 25 %",
            "txt2img (job_1): done in 2.0 s, 1 file of 2.0 kB",
            "",
          ].join("\n"),
        )
      }).pipe(Effect.scoped, Effect.provide(DurationHistory.layer)),
    )
  }
})
