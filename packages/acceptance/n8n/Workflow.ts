export const nodeType = "@scenario-automation/n8n-nodes-scenario.scenario"
/** n8n adds a second type for a node that agents can use. */
export const toolType = `${nodeType}Tool`
export const triggerType = "@scenario-automation/n8n-nodes-scenario.scenarioTrigger"

/** A node as n8n's workflow files hold it. */
export interface WorkflowNode {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly typeVersion: number
  readonly position: readonly [number, number]
  readonly parameters: object
  readonly credentials?: object
  readonly retryOnFail?: boolean
  readonly maxTries?: number
  readonly waitBetweenTries?: number
  readonly onError?: string
  readonly webhookId?: string
}

export interface Workflow {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly nodes: ReadonlyArray<WorkflowNode>
  readonly connections: object
  readonly settings: object
  readonly pinData?: object
}

export interface InputItem {
  readonly json: object
  readonly binary?: object
}

const manualTrigger: WorkflowNode = {
  id: "trigger",
  name: "Start",
  type: "n8n-nodes-base.manualTrigger",
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
}

/** The Scenario node with the credential of the tests. */
export const scenarioNode = (parameters: object, settings: Partial<WorkflowNode> = {}): WorkflowNode => ({
  id: "scenario",
  name: "Scenario",
  type: nodeType,
  typeVersion: 1,
  position: [220, 0],
  parameters,
  credentials: { scenarioApi: {} },
  ...settings,
})

/** A row of nodes after a manual trigger, whose pinned data are the input items. */
export const makeWorkflow = (
  id: string,
  items: ReadonlyArray<InputItem>,
  ...nodes: ReadonlyArray<WorkflowNode>
): Workflow => {
  const row = [manualTrigger, ...nodes]
  return {
    id: id.padEnd(16, "-").slice(0, 16),
    name: id,
    active: false,
    nodes: row,
    connections: Object.fromEntries(
      row
        .slice(1)
        .map((node, index) => [
          row[index]?.name ?? "",
          { main: [[{ node: node.name, type: "main", index: 0 }]] },
        ]),
    ),
    settings: { executionOrder: "v1" },
    pinData: { Start: items },
  }
}

/** The resource mapper's value, as the panel saves it. */
export const inputs = (value: Readonly<Record<string, unknown>>) => ({
  mappingMode: "defineBelow",
  value,
  matchingColumns: [],
  schema: [],
})

/** A resource locator's value. */
export const byId = (value: string) => ({ __rl: true, mode: "id", value })

/** Thirty schedules, because n8n rejects a single one that fires more than once a minute. */
export const everyTwoSeconds = {
  item: Array.from({ length: 30 }, (_, index) => ({
    mode: "custom",
    cronExpression: `${index * 2} * * * * *`,
  })),
}
