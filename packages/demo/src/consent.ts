import { formatCost } from "@scenario-automation/cli"
import { Console, Effect } from "effect"
import { createInterface } from "node:readline/promises"
import type { Scene } from "./createScenes.ts"

/** Shows the price of each scene and asks whether to pay it. False if not. */
export const askForConsent = Effect.fnUntraced(function* (
  prices: ReadonlyMap<Scene, number>,
  isGiven: boolean,
) {
  const total = [...prices.values()].reduce((sum, price) => sum + price, 0)
  const widest = Math.max(...[...prices.keys()].map(({ title }) => title.length))
  for (const [{ title }, price] of prices) {
    yield* Console.log(`  ${title.padEnd(widest)}  ${String(price).padStart(6)}`)
  }
  yield* Console.log(`  ${"total".padEnd(widest)}  ${String(total).padStart(6)} compute units\n`)
  if (isGiven) return true
  if (!process.stdin.isTTY) {
    yield* Console.error(
      `Can't ask for confirmation without a terminal. Pass --yes to spend ${formatCost(total)}. Nothing was submitted.`,
    )
    return false
  }
  const answer = yield* Effect.promise(async (signal) => {
    const line = createInterface({ input: process.stdin, output: process.stdout })
    try {
      return await line.question(`Spend ${formatCost(total)} from this account? [y/N] `, { signal })
    } finally {
      line.close()
    }
  })
  const isAgreed = /^y(es)?$/i.test(answer.trim())
  if (!isAgreed) yield* Console.error("Nothing was submitted.")
  return isAgreed
})
