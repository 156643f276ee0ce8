// Prints what each model has cost in the last 24 hours, and what the next picture will cost.
//
// Jobs that failed are left out if Scenario has returned their compute units.
//
//   node cost-tracking.ts

import { createScenario } from "@scenario-automation/client"

const scenario = createScenario()

const since = new Date(Date.now() - 24 * 60 * 60 * 1000)
const costs = new Map<string, { jobs: number; units: number }>()

// The list begins with the newest job, and is only read as far as it is needed.
for await (const job of scenario.jobs.list({ pageSize: 200 })) {
  if (job.createdAt !== undefined && new Date(job.createdAt) < since) break
  const isReturned = ["failure", "canceled"].includes(job.status) && job.refundDisabled !== true
  if (job.cost === undefined || isReturned) continue
  const target = job.modelId ?? job.workflowId ?? job.jobType
  const { jobs, units } = costs.get(target) ?? { jobs: 0, units: 0 }
  costs.set(target, { jobs: jobs + 1, units: units + job.cost })
}

for (const [target, { jobs, units }] of costs) console.log(`${target}: ${units} for ${jobs} jobs`)
console.log(`total: ${[...costs.values()].reduce((sum, { units }) => sum + units, 0)}`)

const request = { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house by the sea" } }
console.log(`next: ${await scenario.estimate(request)}`)
