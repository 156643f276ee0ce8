import type { Job, JobUpdate } from "@scenario-automation/core"
import { CliOutput } from "effect/cli"
import { assert, describe, it } from "vitest"
import type { JobLine, Stage } from "./JobLine.ts"
import { colors, noColors } from "./paint.ts"
import { renderBoard } from "./renderBoard.ts"

const aJob = (change: Partial<Job> = {}): Job => ({
  jobId: "job_1",
  jobType: "inference",
  status: "in-progress",
  progress: 0.4,
  statusHistory: [],
  assetIds: [],
  refundDisabled: false,
  steps: [],
  ...change,
})

const toStage = (update: JobUpdate, at = 4_000): Stage => ({ _tag: "Updated", update, at })

const progressed = (progress: number): JobUpdate => ({
  _tag: "JobProgressed",
  job: aJob({ progress }),
  progress,
})

const aLine = (change: Partial<JobLine> = {}): JobLine => ({
  title: "txt2img",
  startedAt: 0,
  firstUpdate: { at: 0, progress: 0 },
  stage: toStage(progressed(0.4)),
  ...change,
})

const canvas = { columns: 100, rows: 24, now: 5_000, paint: noColors }

const lines: ReadonlyArray<JobLine> = [
  aLine({ firstUpdate: undefined, stage: { _tag: "Preparing" } }),
  aLine(),
  aLine({ stage: toStage({ _tag: "JobQueued", job: aJob({ status: "queued", progress: 0 }) }) }),
  aLine({ stage: toStage({ _tag: "JobAwaitsApproval", job: aJob(), steps: [] }) }),
  aLine({ stage: { _tag: "Downloading", files: 2, received: 500, total: 1_000 } }),
  aLine({ cost: 7.5, stage: { _tag: "Delivered", files: 2, bytes: 1_400_000, at: 4_200 } }),
  aLine({ stage: { _tag: "Failed", headline: "failed", message: "Job job_1 failed: no paint.", at: 4_200 } }),
  aLine({ title: "漢字の題名がとても長いのでここで切れるはずです".repeat(2) }),
]

describe("the board", () => {
  it("shows status, progress, and elapsed and remaining time", () => {
    assert.deepStrictEqual(renderBoard([aLine()], canvas), [
      "⠋ txt2img                         in-progress ━━━━━━━━━━━━━━─────────────  40 %   5.0 s  ≈ 5.0 s",
    ])
  })

  it("shows files, time, and cost of a job that is done", () => {
    const [row] = renderBoard([lines[5] ?? aLine()], canvas)
    assert.match(row ?? "", /^✔ txt2img +done +2 files, 1\.4 MB +4\.2 s {2}7\.5 CU$/)
  })

  it("shows why a job failed only if all of it fits, because the full message follows", () => {
    const [row] = renderBoard([lines[6] ?? aLine()], canvas)
    assert.match(row ?? "", /^✖ txt2img +failed +Job job_1 failed: no paint\.$/)
    const [narrow] = renderBoard([lines[6] ?? aLine()], { ...canvas, columns: 60 })
    assert.match(narrow ?? "", /^✖ txt2img +failed$/)
  })

  it("shows no remaining time for a queued job", () => {
    const [row] = renderBoard([lines[2] ?? aLine()], canvas)
    assert.match(row ?? "", /queued +─+ +5\.0 s$/)
  })

  for (const columns of [20, 40, 60, 80, 100, 200]) {
    it(`keeps every row within ${columns} columns, with colors too`, () => {
      for (const paint of [noColors, colors]) {
        for (const row of renderBoard(lines, { ...canvas, columns, paint })) {
          assert.isBelow(CliOutput.displayWidth(row), columns, row)
        }
      }
    })
  }

  it("shows as many jobs as fit on the screen, and counts the others", () => {
    const through: Stage = { _tag: "Delivered", files: 1, bytes: 1, at: 1 }
    const many = Array.from({ length: 30 }, (_, index) => aLine(index < 20 ? { stage: through } : {}))
    const rows = renderBoard(many, { ...canvas, rows: 16 })
    assert.strictEqual(rows.length, 14)
    assert.strictEqual(rows.at(-1), "  and 17 more jobs, 17 of them done")
    assert.strictEqual(rows.filter((row) => row.includes("in-progress")).length, 10)
  })

  it("prints no control characters of titles and messages", () => {
    const [row] = renderBoard([aLine({ title: "a\u001B[2Jb\nc\u202Ed" })], canvas)
    assert.notMatch(row ?? "", /[\p{Cc}\u202E]/u)
  })
})
