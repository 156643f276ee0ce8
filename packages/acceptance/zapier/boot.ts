// Run by Zapier's Node in the unpacked zip, with an event as argument: what Zapier's Lambda does, and what it took.
import process from "node:process"
import { reportMark } from "./bootedZip.ts"

const begunAt = performance.now()
const wrapper: { readonly handler: (event: unknown, context: object) => Promise<unknown> } = await import(
  `${process.cwd()}/zapierwrapper.js`
)
const importedAt = performance.now()
const answer = await wrapper.handler(JSON.parse(process.argv[2] ?? "{}"), {})
const report = {
  node: process.version,
  importMs: Math.round(importedAt - begunAt),
  callMs: Math.round(performance.now() - importedAt),
  rssMb: Math.round(process.memoryUsage().rss / 1e6),
  answer,
}
process.stdout.write(`\n${reportMark}${JSON.stringify(report)}\n`, () => process.exit(0))
