// `./run n8n`: a real n8n with the node, a simulator, a relay, their credentials and the example workflows.
import { startSimulator } from "@scenario-automation/simulator"
import { once } from "node:events"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { installN8n } from "./installN8n.ts"
import { N8n } from "./N8n.ts"
import { N8nApi, owner } from "./N8nApi.ts"
import { buildNode, nodePackage } from "./packNode.ts"
import { startRelay } from "./Relay.ts"
import type { Workflow } from "./Workflow.ts"

const show = async (): Promise<void> => {
  console.log("n8n: installing n8n, if it isn't yet (once; some minutes, two gigabytes)")
  const installed = installN8n()
  if ("missing" in installed) {
    console.error(installed.missing)
    process.exitCode = 1
    return
  }
  await using simulator = await startSimulator({ speed: 2 })
  await using relay = await startRelay(simulator.baseUrl)
  console.log("n8n: packing the node and starting n8n (half a minute)")
  await buildNode()
  const n8n = await N8n.prepare(installed.folder)
  try {
    await using running = await n8n.start()
    const api = await N8nApi.login(running.url, installed.folder)
    const { apiKey, apiSecret, baseUrl } = simulator
    await api.addCredential("scenarioApi", { apiKey, apiSecret, baseUrl, projectId: "" })
    await api.addCredential("scenarioRelayApi", { url: relay.url, token: relay.token, accountId: "" })
    for (const [index, file] of globSync("examples/*.json", { cwd: nodePackage }).entries()) {
      const example: Workflow = JSON.parse(readFileSync(join(nodePackage, file), "utf8"))
      await api.save(api.withCredentials({ ...example, active: false, id: `scenarioExample${index}` }))
    }
    console.log(`
  n8n         ${running.url}
  sign in     ${owner.email}   ${owner.password}
  simulator   ${baseUrl}   (what it has seen: ${simulator.controlUrl}/requests)

The example workflows are there, with credentials for the simulator and a relay: nothing costs anything. Ctrl-C ends both.`)
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")])
    console.log("n8n: ending")
  } finally {
    n8n.remove()
  }
}

await show()
