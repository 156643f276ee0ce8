import { CliOutput } from "effect/cli"
import { Clock, Effect, type Scope } from "effect"
import { onStopping } from "../signals.ts"
import { toCells } from "./cells.ts"
import type { JobLine } from "./JobLine.ts"
import type { Paint } from "./paint.ts"
import { renderBoard } from "./renderBoard.ts"

/** A terminal to draw on: `process.stderr`, or a fake in tests. */
export interface Terminal {
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  write(text: string): unknown
}

const frameMs = 100

const hideCursor = "\u001B[?25l"
const showCursor = "\u001B[?25h"
/** Terminals that support these two sequences show a frame at once, without flicker. Others ignore them. */
const beginFrame = "\u001B[?2026h"
const endFrame = "\u001B[?2026l"
const clearRestOfLine = "\u001B[K"
const clearBelow = "\u001B[J"

/** Redraws the lines in place until the scope closes. The last frame stays. */
export const drawLive = Effect.fnUntraced(function* (
  lines: () => ReadonlyArray<JobLine>,
  terminal: Terminal,
  paint: Paint,
): Effect.fn.Return<void, never, Scope.Scope> {
  let drawn: ReadonlyArray<string> = []
  let notice: ReadonlyArray<string> = []

  const draw = Effect.map(Clock.currentTimeMillis, (now) => {
    const columns = toCells(terminal.columns, 80)
    const frame = [
      ...renderBoard(lines(), { columns, rows: toCells(terminal.rows, 24), now, paint }),
      ...notice,
    ]
    const up = countRows(drawn, columns)
    const back = up === 0 ? "" : `\u001B[${up}A\r`
    terminal.write(
      `${beginFrame}${back}${frame.map((row) => `${row}${clearRestOfLine}\n`).join("")}${clearBelow}${endFrame}`,
    )
    drawn = frame
  })

  // A second signal ends the process without finalizers; the cursor must still be shown again.
  const restore = () => {
    terminal.write(showCursor)
  }
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      process.once("exit", restore)
      terminal.write(hideCursor)
      // A submit in progress gets a moment to receive its response.
      return onStopping(() => {
        notice = [paint.dim("Stopping. Jobs keep running. Press Ctrl-C again to end at once.")]
      })
    }),
    (stopListening) =>
      Effect.suspend(() => {
        notice = []
        process.removeListener("exit", restore)
        stopListening()
        return Effect.andThen(draw, Effect.sync(restore))
      }),
  )
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(draw, Effect.sleep(frameMs))))
})

/** The number of rows that these lines take, after a narrower window has wrapped them. */
const countRows = (drawn: ReadonlyArray<string>, columns: number): number =>
  drawn.reduce((rows, row) => rows + Math.max(1, Math.ceil(CliOutput.displayWidth(row) / columns)), 0)
