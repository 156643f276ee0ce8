// Removes the background of a picture on your disk, and saves the result.
//
// The file is read and uploaded just before the request is submitted, in parts if it is large.
//
//   node local-file.ts photo.png

import { createScenario } from "@scenario-automation/client"

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error("Pass the path of a picture: node local-file.ts photo.png")

const scenario = createScenario()

const { assets } = await scenario.generate(
  { endpoint: "remove-background", inputs: { image: await scenario.localFile(path), format: "png" } },
  { maxCost: 20 },
)
for (const file of await scenario.saveAll(assets, "pictures")) console.log(file.path)
