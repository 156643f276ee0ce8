import type { WorkflowNode, WorkflowRecord } from "../catalog/WorkflowRecord.ts"
import { type JsonObject, readNumber, readString } from "../json.ts"
import type { AssetSpec } from "../media/AssetSpec.ts"
import { createAssetRecord, varyPrice } from "./createJob.ts"
import type { JobRecord } from "./JobRecord.ts"
import type { StatusChange } from "./jobTimeline.ts"
import type { World } from "./World.ts"

interface NodeRun {
  readonly node: WorkflowNode
  readonly jobId: string | undefined
  /** Simulated epoch ms. `undefined` while an earlier step waits for a person. */
  startsAt: number | undefined
  endsAt: number | undefined
  decision: "approved" | "rejected" | undefined
  readonly assetIds: Array<string>
}

/** A run of a workflow. Its steps are planned up to the next one that waits for a person. */
export class WorkflowRun {
  readonly assetIds: Array<string> = []
  timeline: ReadonlyArray<StatusChange>
  readonly #world: World
  readonly #inputs: JsonObject
  readonly #nodes: ReadonlyArray<NodeRun>

  constructor(world: World, workflow: WorkflowRecord, inputs: JsonObject) {
    this.#world = world
    this.#inputs = inputs
    const now = world.clock.now()
    this.timeline = [
      { status: "pending", at: now },
      { status: "queued", at: now + 100 },
      { status: "in-progress", at: now + 500 },
    ]
    this.#nodes = workflow.nodes.map((node) => ({
      node,
      jobId: node.durationMs === undefined ? undefined : world.identifiers.next("job_"),
      startsAt: undefined,
      endsAt: undefined,
      decision: undefined,
      assetIds: [],
    }))
    this.#planFrom(0, now + 500)
  }

  /** Whether this step waits for a person now. */
  isWaitingAt(nodeId: string, type: WorkflowNode["type"]): boolean {
    const run = this.#nodes.find((candidate) => candidate.node.id === nodeId && candidate.node.type === type)
    return run !== undefined && this.#status(run, this.#world.clock.now()) === "processing"
  }

  /** Lets the waiting step pass, or ends the run. */
  decide(nodeId: string, isApproved: boolean): void {
    const index = this.#nodes.findIndex((run) => run.node.id === nodeId)
    const run = this.#nodes[index]
    if (run === undefined) return
    const now = this.#world.clock.now()
    run.endsAt = now
    run.decision = isApproved ? "approved" : "rejected"
    if (isApproved) this.#planFrom(index + 1, now)
    else this.timeline = [...this.timeline, { status: "canceled", at: now }]
  }

  /** `metadata.flow` at a given time. */
  getFlow(now: number): ReadonlyArray<JsonObject> {
    return this.#nodes.map((run) => {
      const isDone = run.endsAt !== undefined && run.endsAt <= now
      return {
        id: run.node.id,
        type: run.node.type,
        modelId: run.node.modelId ?? "",
        status: this.#status(run, now),
        jobId: run.startsAt !== undefined && run.startsAt <= now ? run.jobId : undefined,
        assets:
          isDone && run.assetIds.length > 0
            ? run.assetIds.map((assetId) => this.#getAsset(assetId))
            : undefined,
      }
    })
  }

  #getAsset(assetId: string): JsonObject {
    const asset = this.#world.assets.find(assetId)
    return { assetId, url: asset === undefined ? "" : this.#world.assets.url(asset, false) }
  }

  #status(run: NodeRun, now: number): string {
    if (run.decision === "rejected") return "rejected"
    if (this.#nodes.some((other) => other.decision === "rejected") && run.endsAt === undefined)
      return "skipped"
    if (run.startsAt === undefined || now < run.startsAt) return "pending"
    return run.endsAt !== undefined && run.endsAt <= now ? "success" : "processing"
  }

  #planFrom(index: number, startsAt: number): void {
    let at = startsAt
    for (const run of this.#nodes.slice(index)) {
      run.startsAt = at
      if (run.node.durationMs === undefined) return
      run.endsAt = at + run.node.durationMs
      this.#createJob(run, at, run.endsAt)
      at = run.endsAt
    }
    this.assetIds.push(...(this.#nodes.at(-1)?.assetIds ?? []))
    this.timeline = [...this.timeline, { status: "finalizing", at }, { status: "success", at: at + 500 }]
  }

  /** Creates the step's job and the pictures that it makes at its end. */
  #createJob(run: NodeRun, startsAt: number, endsAt: number): void {
    const world = this.#world
    const prompt = readString(this.#inputs, "prompt") ?? ""
    for (let index = 0; index < (run.node.assetCount ?? 0); index++) {
      const spec: AssetSpec = {
        kind: "image",
        mimeType: "image/png",
        style: run.node.type === "remove-background" ? "cut-out" : "scene",
        prompt,
        modelName: world.models.get(run.node.modelId ?? "")?.name ?? run.node.type,
        seed: `${readNumber(this.#inputs, "seed") ?? 7}`,
        index,
        width: 1024,
        height: 1024,
        label: run.node.id,
      }
      const newAsset = { spec, metadataType: "txt2img", source: "txt2img", modelId: run.node.modelId }
      const asset = createAssetRecord(world, newAsset, {
        jobId: run.jobId,
        index,
        createdAt: endsAt,
        readyAt: endsAt,
      })
      world.assets.add(asset)
      run.assetIds.push(asset.id)
    }
    if (run.jobId !== undefined) world.jobs.add(makeStepJob(world, run, run.jobId, startsAt, endsAt))
  }
}

const makeStepJob = (
  world: World,
  run: NodeRun,
  jobId: string,
  startsAt: number,
  endsAt: number,
): JobRecord => ({
  jobId,
  jobType: run.node.type === "remove-background" ? "remove-background" : "custom",
  createdAt: startsAt,
  timeline: [
    { status: "queued", at: startsAt },
    { status: "in-progress", at: startsAt + 300 },
    { status: "success", at: endsAt },
  ],
  progress: "smooth",
  authorId: world.authorId,
  ownerId: world.settings.projectId,
  input: { modelId: run.node.modelId },
  modelId: run.node.modelId,
  assetIds: run.assetIds,
  output: undefined,
  error: undefined,
  hint: undefined,
  disableRefund: false,
  price: undefined,
  vanishesAt: undefined,
  hidesResults: false,
  workflowId: undefined,
  listedFrom: startsAt,
  flow: undefined,
})

/** Compute units per run. */
export const getWorkflowPrice = (world: World, workflow: WorkflowRecord): number =>
  varyPrice(world, workflow.id, workflow.price)
