// Shows a progress bar while a job runs and while its files are downloaded.
//
//   node progress-bar.ts

import { createScenario, type JobUpdate } from "@scenario-automation/client"

const scenario = createScenario()

const draw = (label: string, share: number): void => {
  const filled = Math.round(share * 30)
  const bar = "█".repeat(filled) + "░".repeat(30 - filled)
  // The line is overwritten, and ends when it is full.
  process.stdout.write(`\r${label.padEnd(12)} ${bar} ${String(Math.round(share * 100)).padStart(3)} %`)
  if (share === 1) process.stdout.write("\n")
}

let last = 0

const show = (update: JobUpdate): void => {
  switch (update._tag) {
    case "JobQueued":
    case "JobAwaitsApproval":
      return draw(update.job.status, last)
    case "JobProgressed":
      // Some models don't report progress: then the bar stays at its last value.
      last = update.progress ?? last
      return draw(update.job.status, last)
    case "JobSucceeded":
      return draw("done", 1)
  }
}

const { assets } = await scenario.generate(
  { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house by the sea" } },
  { maxCost: 20, onUpdate: show },
)
for (const [index, asset] of assets.entries()) {
  await scenario.save(asset, "pictures", {
    index,
    onProgress: (received, total) => draw(`file ${index + 1}`, total === undefined ? 0 : received / total),
  })
}
