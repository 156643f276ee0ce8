import { createScenario } from "@scenario-automation/client"
import { createAssets } from "../createAssets.ts"
import type { Download } from "../Download.ts"

/** The library with its default concurrency: four. */
export const download = async ({ urls, folder }: Download): Promise<void> => {
  await using scenario = createScenario({ apiKey: "key", apiSecret: "secret" })
  await scenario.saveAll(createAssets(urls), folder)
}
