// Generates as many pictures as a total budget allows, four at a time.
//
// All prices are known before anything is paid. Run it again after a crash: because of `requestKey`, pictures that were already
// submitted in the last 24 hours aren't paid again.
//
//   node batch-with-budget.ts <compute units>

import { createScenario, type ModelRequest } from "@scenario-automation/client"

const budget = Number(process.argv[2])
if (!(budget > 0)) throw new Error("Pass the budget in compute units: node batch-with-budget.ts 20")

const scenario = createScenario()

const things = ["house", "boat", "lighthouse", "bridge", "windmill", "train"]
const queue: Array<{ thing: string; request: ModelRequest; price: number }> = []
let planned = 0

for (const thing of things) {
  const request = { model: "model_bfl-flux-1-dev", inputs: { prompt: `a red ${thing} by the sea` } }
  const price = await scenario.estimate(request)
  if (planned + price > budget) {
    console.log(`skipped: ${thing}, because it costs ${price} and ${budget - planned} are left`)
    continue
  }
  planned += price
  queue.push({ thing, request, price })
}

let spent = 0

const work = async (): Promise<void> => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { thing, request, price } = next
    try {
      // If the price has gone up since the estimate, `maxCost` refuses it.
      const { assets, cost = price } = await scenario.generate(request, {
        maxCost: price,
        requestKey: `red ${thing}`,
      })
      spent += cost
      for (const { path } of await scenario.saveAll(assets, "pictures"))
        console.log(`made: ${thing}, ${path}`)
    } catch (error) {
      console.error(`failed: ${thing}, ${String(error)}`)
      process.exitCode = 1
    }
  }
}

await Promise.all([work(), work(), work(), work()])
console.log(`${spent} of ${budget} compute units`)
