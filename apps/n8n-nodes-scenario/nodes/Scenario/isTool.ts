import type { IExecuteFunctions } from "n8n-workflow"

/**
 * Whether an AI agent or the MCP Server Trigger calls the node. n8n runs a tool of its newest agent like any other node, so
 * that `isToolExecution` is false there; only the type that n8n makes for tools shows it.
 */
export const isTool = (host: Pick<IExecuteFunctions, "getNode" | "isToolExecution">): boolean =>
  host.getNode().type.endsWith("Tool") || host.isToolExecution()
