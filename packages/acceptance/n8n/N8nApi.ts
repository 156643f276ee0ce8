import { createRequire } from "node:module"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type InputItem, nodeType, type Workflow } from "./Workflow.ts"

/** n8n ties a login to this ID of a browser. */
export const browserId = "tests"

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
  /** The error of the execution as a whole. */
  readonly error?: { readonly message: string } | undefined
  /** The execution's custom data, which nodes set. */
  readonly customData: Readonly<Record<string, string>>
}

/** n8n's format of stored executions. An execution that has just started has no data yet. */
interface Flatted {
  readonly parse: (
    text: string,
  ) =>
    | { readonly resultData?: { readonly runData?: Execution["runs"]; readonly error?: Execution["error"] } }
    | undefined
}

/** The API of n8n's editor. */
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
    // On a busy machine n8n's check of its database can take too long; the request was not processed.
    for (let tries = 0; answer.status === 503 && tries < 60; tries++) {
      await sleep(1_000)
      answer = await this.#send(method, path, body)
    }
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const read: { readonly data: A } = JSON.parse(text)
    return read.data
  }

  /** Test workflows refer to a credential by its type. */
  async addCredential(type: string, data: object): Promise<void> {
    const { id } = await this.call<{ readonly id: string }>("POST", "/rest/credentials", {
      name: type,
      type,
      data,
    })
    this.#credentials.set(type, id)
  }

  /** Nodes keep the ID of a deleted credential. */
  async deleteCredential(type: string): Promise<void> {
    await this.call("DELETE", `/rest/credentials/${this.#credentials.get(type)}`)
  }

  /** Fills in the credentials' IDs of this n8n. */
  withCredentials(workflow: Workflow): Workflow {
    const nodes = workflow.nodes.map((node) => ({
      ...node,
      credentials: Object.fromEntries(
        Object.keys(node.credentials ?? {}).map((type) => [type, this.getCredentials(type)[type]]),
      ),
    }))
    return { ...workflow, nodes }
  }

  getCredentials(type: string): Readonly<Record<string, object>> {
    return { [type]: { id: this.#credentials.get(type) ?? "", name: type } }
  }

  /** All node types of this n8n. */
  async nodeTypes(): Promise<ReadonlyArray<{ readonly name: string }>> {
    const answer = await this.#send("GET", "/types/nodes.json")
    return JSON.parse(await answer.text())
  }

  /** What a node's panel loads: lists, options, and the form of inputs. */
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
      credentials: this.getCredentials("scenarioApi"),
      ...more,
    })
  }

  /** Starts a workflow as the editor's button does. `triggerItem` is the trigger's output, such as a chat message. */
  async start(saved: Workflow, startFrom = "Start", triggerItem?: InputItem): Promise<string> {
    const workflow = this.withCredentials(saved)
    await this.save(workflow)
    const triggerRun =
      triggerItem === undefined
        ? {}
        : { data: { executionStatus: "success", source: [null], data: { main: [[triggerItem]] } } }
    const { executionId } = await this.call<{ readonly executionId: string }>(
      "POST",
      `/rest/workflows/${workflow.id}/run`,
      { workflowData: workflow, triggerToStartFrom: { name: startFrom, ...triggerRun } },
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
    return this.waitForEnd(await this.start(workflow))
  }

  async waitForEnd(executionId: string): Promise<Execution> {
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

  /** Saves and activates a workflow. */
  async activate(workflow: Workflow): Promise<void> {
    const { versionId } = await this.call<{ readonly versionId: string }>(
      "POST",
      "/rest/workflows",
      this.withCredentials(workflow),
    )
    await this.call("POST", `/rest/workflows/${workflow.id}/activate`, { versionId })
  }

  async deactivate({ id }: Workflow): Promise<void> {
    await this.call("POST", `/rest/workflows/${id}/deactivate`)
  }

  /** A workflow's executions, the oldest first. */
  async listExecutions(workflowId: string): Promise<ReadonlyArray<Execution>> {
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
    if (!answer.ok) throw new Error(`The file ${file.id} is unavailable: ${answer.status}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    const request = () =>
      fetch(`${this.url}${path}`, {
        method,
        headers: {
          "content-type": "application/json",
          "browser-id": browserId,
          ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    // On a busy machine n8n may close an idle connection at the moment in which it is used again.
    return method === "GET" ? request().catch(request) : request()
  }
}
