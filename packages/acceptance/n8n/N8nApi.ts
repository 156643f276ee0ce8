import { createRequire } from "node:module"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type InputItem, nodeType, type Workflow } from "./Workflow.ts"

/** What n8n calls the browser that a login belongs to. */
export const browserId = "tests"

/** Who signs in. */
export const owner = {
  email: "owner@example.com",
  firstName: "Test",
  lastName: "Owner",
  password: "Only-for-tests-1",
}

export interface BinaryFile {
  readonly id?: string
  readonly mimeType: string
  readonly fileName?: string
  readonly data: string
}

export interface OutputItem {
  readonly json: Readonly<Record<string, unknown>>
  readonly binary?: Readonly<Record<string, BinaryFile>>
  readonly pairedItem?: { readonly item: number } | number
}

interface NodeRun {
  readonly executionStatus?: string
  readonly error?: {
    readonly message: string
    readonly description?: string
    readonly context?: { readonly itemIndex?: number }
  }
  readonly data?: { readonly main?: ReadonlyArray<ReadonlyArray<OutputItem> | null> }
  readonly hints?: ReadonlyArray<{ readonly message: string }>
}

export interface Execution {
  readonly id: string
  readonly status: string
  readonly finished: boolean
  readonly runs: Readonly<Record<string, ReadonlyArray<NodeRun>>>
  /** What the whole of it ended with. */
  readonly error?: { readonly message: string } | undefined
  /** Data of its own that a node has set. */
  readonly customData: Readonly<Record<string, string>>
}

/** How n8n stores an execution; of one that has just begun there is nothing yet. */
interface Flatted {
  readonly parse: (
    text: string,
  ) =>
    | { readonly resultData?: { readonly runData?: Execution["runs"]; readonly error?: Execution["error"] } }
    | undefined
}

/** What n8n's own pages talk to: everything that a person can do there. */
export class N8nApi {
  readonly url: string
  readonly #installed: string
  readonly #credentials = new Map<string, string>()
  #cookie = ""

  private constructor(url: string, installed: string) {
    this.url = url
    this.#installed = installed
  }

  static async login(url: string, installed: string): Promise<N8nApi> {
    const api = new N8nApi(url, installed)
    const setup = await api.#send("POST", "/rest/owner/setup", owner)
    const login = setup.ok
      ? setup
      : await api.#send("POST", "/rest/login", { emailOrLdapLoginId: owner.email, password: owner.password })
    api.#cookie = login.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ")
    return api
  }

  get cookie(): string {
    return this.#cookie
  }

  async call<A>(method: string, path: string, body?: object): Promise<A> {
    let answer = await this.#send(method, path, body)
    // On a busy machine n8n's check of its database can take too long; the request was not looked at.
    for (let tries = 0; answer.status === 503 && tries < 60; tries++) {
      await sleep(1_000)
      answer = await this.#send(method, path, body)
    }
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const read: { readonly data: A } = JSON.parse(text)
    return read.data
  }

  /** Credentials of a kind are named by it in the workflows of the tests. */
  async addCredential(type: string, data: object): Promise<void> {
    const { id } = await this.call<{ readonly id: string }>("POST", "/rest/credentials", {
      name: type,
      type,
      data,
    })
    this.#credentials.set(type, id)
  }

  /** Nodes keep the id of a credential that was deleted. */
  async deleteCredential(type: string): Promise<void> {
    await this.call("DELETE", `/rest/credentials/${this.#credentials.get(type)}`)
  }

  /** Nodes with the ids that their credentials have in this n8n. */
  withCredentials(workflow: Workflow): Workflow {
    const nodes = workflow.nodes.map((node) => ({
      ...node,
      credentials: Object.fromEntries(
        Object.keys(node.credentials ?? {}).map((type) => [type, this.credentialsOf(type)[type]]),
      ),
    }))
    return { ...workflow, nodes }
  }

  credentialsOf(type: string): Readonly<Record<string, object>> {
    return { [type]: { id: this.#credentials.get(type) ?? "", name: type } }
  }

  /** Every type of node that this n8n knows. */
  async nodeTypes(): Promise<ReadonlyArray<{ readonly name: string }>> {
    const answer = await this.#send("GET", "/types/nodes.json")
    return JSON.parse(await answer.text())
  }

  /** What the panel of a node loads: its lists, its options, its form of inputs. */
  async panel<A>(
    kind: string,
    methodName: string,
    currentNodeParameters: object,
    more: object = {},
  ): Promise<A> {
    return this.call<A>("POST", `/rest/dynamic-node-parameters/${kind}`, {
      path: "parameters",
      nodeTypeAndVersion: { name: nodeType, version: 1 },
      methodName,
      currentNodeParameters,
      credentials: this.credentialsOf("scenarioApi"),
      ...more,
    })
  }

  /** Starts a workflow as the button in the editor does; `said` is what a trigger is to have heard, as of a chat. */
  async begin(drawn: Workflow, startFrom = "Start", said?: InputItem): Promise<string> {
    const workflow = this.withCredentials(drawn)
    await this.save(workflow)
    const heard =
      said === undefined
        ? {}
        : { data: { executionStatus: "success", source: [null], data: { main: [[said]] } } }
    const { executionId } = await this.call<{ readonly executionId: string }>(
      "POST",
      `/rest/workflows/${workflow.id}/run`,
      { workflowData: workflow, triggerToStartFrom: { name: startFrom, ...heard } },
    )
    return executionId
  }

  async save(workflow: Workflow): Promise<void> {
    const known = await this.#send("GET", `/rest/workflows/${workflow.id}`)
    if (known.ok) return
    await this.call("POST", "/rest/workflows", workflow)
  }

  /** Runs a workflow to its end. */
  async run(workflow: Workflow): Promise<Execution> {
    return this.ended(await this.begin(workflow))
  }

  async ended(executionId: string): Promise<Execution> {
    for (;;) {
      const execution = await this.execution(executionId)
      if (!["new", "running", "waiting"].includes(execution.status)) return execution
      await sleep(100)
    }
  }

  async execution(executionId: string): Promise<Execution> {
    const found = await this.call<{
      readonly id: string
      readonly status: string
      readonly finished: boolean
      readonly data: string
      readonly customData?: Execution["customData"]
    }>("GET", `/rest/executions/${executionId}`)
    const { parse }: Flatted = createRequire(join(this.#installed, "node_modules/n8n/package.json"))(
      "flatted",
    )
    const resultData = parse(found.data)?.resultData
    return {
      id: found.id,
      status: found.status,
      finished: found.finished,
      runs: resultData?.runData ?? {},
      error: resultData?.error,
      customData: found.customData ?? {},
    }
  }

  /** Saves a workflow and lets its trigger work. */
  async activate(drawn: Workflow): Promise<void> {
    const { versionId } = await this.call<{ readonly versionId: string }>(
      "POST",
      "/rest/workflows",
      this.withCredentials(drawn),
    )
    await this.call("POST", `/rest/workflows/${drawn.id}/activate`, { versionId })
  }

  async deactivate({ id }: Workflow): Promise<void> {
    await this.call("POST", `/rest/workflows/${id}/deactivate`)
  }

  /** What a workflow has run so far, the oldest first. */
  async executionsOf(workflowId: string): Promise<ReadonlyArray<Execution>> {
    const filter = encodeURIComponent(JSON.stringify({ workflowId }))
    const { results } = await this.call<{ readonly results: ReadonlyArray<{ readonly id: string }> }>(
      "GET",
      `/rest/executions?filter=${filter}&limit=100`,
    )
    return Promise.all(results.toReversed().map(({ id }) => this.execution(id)))
  }

  async stop(executionId: string): Promise<void> {
    await this.call("POST", `/rest/executions/${executionId}/stop`)
  }

  /** The bytes of a stored file. */
  async bytes(file: BinaryFile): Promise<Buffer> {
    if (file.id === undefined) return Buffer.from(file.data, "base64")
    const answer = await this.#send(
      "GET",
      `/rest/binary-data?id=${encodeURIComponent(file.id)}&action=download`,
    )
    if (!answer.ok) throw new Error(`the file ${file.id} cannot be had: ${answer.status}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  #send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        "browser-id": browserId,
        ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
}
