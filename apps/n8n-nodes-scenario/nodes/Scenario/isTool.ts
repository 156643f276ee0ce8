import type { IExecuteFunctions } from "n8n-workflow"

/**
 * Whether an AI agent or the MCP Server Trigger calls the node. `isToolExecution` is false for tools of n8n's newest agent,
 * which only the node's type shows.
 */
export const isTool = (host: Pick<IExecuteFunctions, "getNode" | "isToolExecution">): boolean =>
  host.getNode().type.endsWith("Tool") || host.isToolExecution()
