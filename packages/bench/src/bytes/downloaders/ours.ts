import { createScenario } from "@scenario-automation/core/promise"
import { assetsAt } from "../assetsAt.ts"
import type { Download } from "../Download.ts"

/** The library as it is used. How many run at a time it knows best: four. */
export const download = async ({ urls, folder }: Download): Promise<void> => {
  await using scenario = createScenario({ apiKey: "key", apiSecret: "secret" })
  await scenario.saveAll(assetsAt(urls), folder)
}
