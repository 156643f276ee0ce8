// Runs a workflow that waits for a person, and asks in the terminal whether to continue.
//
// You can stop it at the question: the job waits at Scenario. Continue with its ID as the second argument.
//
//   node workflow-approval.ts <workflow ID> [job ID]

import { createScenario, JobCanceled, WaitTimedOut } from "@scenario-automation/client"
import { createInterface } from "node:readline/promises"

const [workflow, jobId] = process.argv.slice(2)
if (workflow === undefined) throw new Error("Pass the ID of a workflow: node workflow-approval.ts wflow_…")

const scenario = createScenario()
const terminal = createInterface({ input: process.stdin, output: process.stdout })

const request = { workflow, inputs: { prompt: "a red house by the sea" } }
const job = jobId ?? (await scenario.submit(request, { maxCost: 50 })).job.jobId
console.log(`job ${job}`)

/** Shows what was made so far, and passes the person's decision to Scenario. */
const decide = async (stepId: string): Promise<void> => {
  const { steps } = await scenario.jobs.get(job)
  for (const assetId of steps.flatMap((step) => step.assetIds)) {
    console.log((await scenario.assets.get(assetId)).url)
  }
  const answer = await terminal.question(`Approve ${stepId}? (y/n) `)
  await (answer === "y" ? scenario.workflows.approve(job, stepId) : scenario.workflows.reject(job, stepId))
}

for (;;) {
  try {
    const { assets } = await scenario.resume(job, { stopAtApproval: true })
    for (const file of await scenario.saveAll(assets, "pictures")) console.log(file.path)
    break
  } catch (error) {
    if (error instanceof JobCanceled) {
      console.log("Rejected: the workflow has ended.")
      break
    }
    if (!(error instanceof WaitTimedOut) || error.awaitingApproval === undefined) throw error
    for (const stepId of error.awaitingApproval) await decide(stepId)
  }
}
terminal.close()
