// Generates a picture, and survives a crash at any moment: run it again, and it continues instead of paying again.
//
// Before the request is sent, its intent is stored in picture.json. Once Scenario has accepted it, its job is stored there too.
// If the job fails, delete picture.json to start again.
//
//   node resume-after-crash.ts

import { createScenario, type JobRef, type SubmitIntent } from "@scenario-automation/client"
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"

interface Stored {
  readonly intent?: SubmitIntent
  readonly job?: JobRef
}

const file = "picture.json"

const load = (): Stored => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {})

const store = (stored: Stored): void => {
  // A rename is atomic, so a crash never leaves half a file.
  writeFileSync(`${file}.new`, JSON.stringify(stored))
  renameSync(`${file}.new`, file)
}

const scenario = createScenario()

const submit = async (): Promise<JobRef> => {
  const { job } = await scenario.submit(
    { model: "model_bfl-flux-1-dev", inputs: { prompt: "a red house by the sea" } },
    { onSending: (intent) => store({ intent }), onSubmitted: ({ job }) => store({ job }) },
  )
  return job
}

/** Finds the job of an earlier run that crashed before it stored the job. A new job is listed within a minute. */
const recover = async (intent: SubmitIntent): Promise<JobRef | undefined> => {
  const { submission, candidates, isComplete } = await scenario.reconcile(intent, { timeoutMs: 90_000 })
  if (submission !== undefined) return submission.job
  if (isComplete && candidates.length === 0) return undefined
  throw new Error(`Can't rule out that it was paid. Check these jobs: ${JSON.stringify(candidates)}`)
}

const { intent, job: stored } = load()
const recovered = stored ?? (intent && (await recover(intent)))
console.log(recovered === undefined ? "submitting" : `resuming ${recovered.jobId}`)

const { assets } = await scenario.resume(recovered ?? (await submit()))
for (const { path } of await scenario.saveAll(assets, "pictures")) console.log(path)
rmSync(file)
