import {
  type Asset,
  findPrimary,
  type Generated,
  type Job,
  type JobRef,
  type OutputKind,
  thumbnailUrl,
} from "@scenario-automation/core"
import { isLinkedAsset } from "@scenario-automation/core/host"
import { classifyJob } from "@scenario-automation/core/job-status"
import type { PlainOutputField, ZObject } from "zapier-platform-core"
import { assetSample, toFilePointer } from "./assetOutput.ts"
import { toIsoDate } from "./toIsoDate.ts"
import { joinSentences } from "./sentences.ts"
import { readOutputText } from "./readOutputText.ts"

/** A generation in a step's output, finished or not. Every key is always there, because users map them. */
export interface GenerationOutput extends Record<string, unknown> {
  readonly id: string
  readonly status: string
  /** False if Find Generation can get more later. */
  readonly finished: boolean
  readonly message: string | null
  readonly error: string | null
  /** 0..100 */
  readonly progress: number | null
  readonly model: string | null
  readonly modelName: string | null
  readonly prompt: string | null
  /** Compute units. */
  readonly cost: number | null
  readonly createdAt: string | null
  /** The asset that the generation was run for has fields of its own, because Zapier turns a list into line items. */
  readonly assetId: string | null
  readonly assetUrl: string | null
  /** Doesn't expire, and needs no key. */
  readonly thumbnailUrl: string | null
  readonly file: string | null
  readonly text: string | null
  /** The whole result of a generation without assets, as JSON. */
  readonly output: string | null
  readonly assets: ReadonlyArray<AssetInGeneration>
}

interface AssetInGeneration {
  readonly id: string
  readonly url: string
  readonly thumbnailUrl: string | null
  readonly file: string
  readonly kind: string
  readonly mimeType: string
  readonly width: number | null
  readonly height: number | null
}

export interface GenerationState {
  readonly job: JobRef
  readonly snapshot?: Job | undefined
  readonly cost?: number | undefined
  readonly modelName?: string | undefined
  readonly outputKind?: OutputKind | undefined
  readonly prompt?: string | undefined
  readonly generated?: Pick<Generated, "assets" | "output"> | undefined
  readonly isIncomplete?: boolean | undefined
  readonly message?: string | undefined
  /** It waits until a person approves or rejects it in Scenario. */
  readonly awaitsApproval?: boolean | undefined
}

export const toGenerationOutput = (z: ZObject, state: GenerationState): GenerationOutput => {
  const { job, snapshot, generated } = state
  const assets = (generated?.assets ?? []).map((asset) => toListedAsset(z, asset))
  const output = generated?.output ?? snapshot?.output
  const outcome = snapshot === undefined ? "waiting" : classifyJob(snapshot)
  const hasEndedBadly = outcome === "failed" || outcome === "canceled"
  const primary = findPrimary(generated?.assets ?? [], {
    outputKind: state.outputKind,
    jobType: snapshot?.jobType,
  })
  const first = primary && toListedAsset(z, primary)
  return {
    id: job.jobId,
    status: snapshot?.status ?? (generated === undefined ? "queued" : "success"),
    finished: (generated !== undefined && state.isIncomplete !== true) || hasEndedBadly,
    message: state.message ?? (outcome === "succeeded" ? (snapshot?.error ?? null) : null),
    error: outcome === "failed" ? describeFailure(snapshot) : null,
    progress: toPercent(generated === undefined ? snapshot?.progress : 1),
    model: job.modelId ?? snapshot?.modelId ?? primary?.modelId ?? null,
    modelName: state.modelName ?? null,
    prompt: state.prompt ?? readPrompt(snapshot) ?? primary?.prompt ?? null,
    cost: snapshot?.cost ?? state.cost ?? null,
    createdAt: toIsoDate(snapshot?.createdAt ?? job.submittedAt),
    assetId: first?.id ?? null,
    assetUrl: first?.url ?? null,
    thumbnailUrl: first?.thumbnailUrl ?? null,
    file: first?.file ?? null,
    text: readOutputText(output) ?? generated?.assets.find(({ text }) => text !== undefined)?.text ?? null,
    output: output === undefined ? null : JSON.stringify(output),
    assets,
  }
}

export const describeFailure = (job: Pick<Job, "error" | "hint"> | undefined): string =>
  joinSentences(job?.error, job?.hint) ?? "Scenario gives no reason."

export const readPrompt = (job: Pick<Job, "input"> | undefined): string | undefined => {
  const prompt = job?.input?.["prompt"]
  return typeof prompt === "string" && prompt.trim() !== "" ? prompt : undefined
}

const toListedAsset = (z: ZObject, asset: Asset): AssetInGeneration => ({
  id: asset.assetId,
  url: asset.url,
  thumbnailUrl: isLinkedAsset(asset) ? null : thumbnailUrl(asset.assetId),
  file: isLinkedAsset(asset) ? asset.url : toFilePointer(z, asset.assetId),
  kind: asset.kind,
  mimeType: asset.mimeType,
  width: asset.width ?? null,
  height: asset.height ?? null,
})

const toPercent = (progress: number | undefined): number | null =>
  progress === undefined ? null : Math.round(progress * 100)

const { id, url, thumbnailUrl: thumbnail, file, kind, mimeType, width, height, model, prompt } = assetSample

export const generationSample = {
  id: assetSample.generation,
  status: "success",
  finished: true,
  message: null,
  error: null,
  progress: 100,
  model,
  modelName: "FLUX.1 [dev]",
  prompt,
  cost: 5,
  createdAt: "2026-11-24T12:00:02.000Z",
  assetId: id,
  assetUrl: url,
  thumbnailUrl: thumbnail,
  file,
  text: null,
  output: null,
  assets: [{ id, url, thumbnailUrl: thumbnail, file, kind, mimeType, width, height }],
}

export const generationOutputFields: Array<PlainOutputField> = [
  { key: "id", label: "Generation ID", type: "string", primary: true },
  { key: "status", label: "Status", type: "string" },
  { key: "finished", label: "Finished", type: "boolean" },
  { key: "message", label: "Message", type: "string" },
  { key: "error", label: "Error", type: "string" },
  { key: "progress", label: "Progress in Percent", type: "integer" },
  { key: "model", label: "Model ID", type: "string" },
  { key: "modelName", label: "Model Name", type: "string" },
  { key: "prompt", label: "Prompt", type: "string" },
  { key: "cost", label: "Cost in Compute Units", type: "number" },
  { key: "createdAt", label: "Created At", type: "datetime" },
  { key: "assetId", label: "First Asset ID", type: "string" },
  { key: "assetUrl", label: "First Asset URL", type: "string" },
  { key: "thumbnailUrl", label: "First Thumbnail URL", type: "string" },
  { key: "file", label: "First File", type: "file" },
  { key: "text", label: "Text", type: "string" },
  { key: "output", label: "Output as JSON", type: "string" },
  { key: "assets[]id", label: "Assets Asset ID", type: "string" },
  { key: "assets[]url", label: "Assets Asset URL", type: "string" },
  { key: "assets[]thumbnailUrl", label: "Assets Thumbnail URL", type: "string" },
  { key: "assets[]file", label: "Assets File", type: "file" },
  { key: "assets[]kind", label: "Assets Kind", type: "string" },
  { key: "assets[]mimeType", label: "Assets MIME Type", type: "string" },
  { key: "assets[]width", label: "Assets Width", type: "integer" },
  { key: "assets[]height", label: "Assets Height", type: "integer" },
]
