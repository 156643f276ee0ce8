import { type DeliveredAsset, formatOutput } from "@scenario-automation/cli"
import { type GenerationRequest, JobFailed } from "@scenario-automation/core"
import { endpoints } from "@scenario-automation/core/host"
import type { Gallery, GalleryAsset, GalleryEntry } from "@scenario-automation/gallery"
import { readFileSync } from "node:fs"
import { relative, sep } from "node:path"
import type { PlayedScene } from "./play.ts"
import type { World } from "./World.ts"

/** The gallery of these scenes. Its page must be in `out`. */
export const toGallery = (played: ReadonlyArray<PlayedScene>, world: World, out: string): Gallery => ({
  title: "Scenario Automation: the demo",
  generatedAt: new Date().toISOString(),
  entries: played.map((scene) => toEntry(scene, world, out)),
  requests: { total: world.requests.requests.length, byKind: world.requests.byKind() },
  cost: getTotalCost(played),
})

/** Compute units of all scenes. Failed ones are refunded, or not known to have cost anything. */
export const getTotalCost = (played: ReadonlyArray<PlayedScene>): number =>
  played.reduce((sum, { generated }) => sum + (generated?.cost ?? 0), 0)

const toEntry = (
  { scene, request, jobId, generated, delivery, error }: PlayedScene,
  world: World,
  out: string,
): GalleryEntry => {
  const timeline = (generated?.snapshot?.statusHistory ?? []).map(({ status, date }) => ({
    status,
    at: new Date(world.toWallTime(Date.parse(date))).toISOString(),
  }))
  const polls = world.requests.listPolls(jobId, timeline[0]?.at ?? "", timeline.at(-1)?.at ?? "")
  const assets = delivery?.assets ?? []
  const prompt = getPrompt(request)
  return {
    title: scene.title,
    endpoint:
      request.endpoint !== undefined ? endpoints[request.endpoint].path : `/generate/custom/${scene.model}`,
    jobId,
    status: generated?.snapshot?.status ?? (error === undefined ? "success" : "failure"),
    timeline,
    polls,
    requests: 1 + polls.length + world.requests.countFor(assets.map(({ asset }) => asset.assetId)),
    assets: assets.map((delivered) => toAsset(delivered, prompt, out)),
    ...(generated?.primary === undefined ? {} : { primaryAssetId: generated.primary.assetId }),
    ...(scene.model === undefined ? {} : { model: scene.model }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(generated?.cost === undefined ? {} : { cost: generated.cost }),
    ...(generated?.output === undefined ? {} : { output: formatOutput(generated.output).join("\n") }),
    ...(error === undefined ? {} : { error: toGalleryError(error) }),
  }
}

const toAsset = ({ asset, file }: DeliveredAsset, prompt: string | undefined, out: string): GalleryAsset => {
  const { width, height, duration, prompt: shown = prompt } = asset
  return {
    assetId: asset.assetId,
    file: relative(out, file.path).split(sep).join("/"),
    mimeType: file.mimeType,
    kind: asset.kind,
    bytes: file.bytes,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(duration === undefined ? {} : { duration }),
    ...(shown === undefined ? {} : { alt: shown }),
    ...(asset.kind === "text" ? { text: readFileSync(file.path, "utf8") } : {}),
    ...(asset.kind === "3d" || asset.kind === "audio" ? { content: readFileSync(file.path) } : {}),
  }
}

const getPrompt = ({ inputs }: GenerationRequest): string | undefined => {
  const words = "prompt" in inputs ? inputs.prompt : "text" in inputs ? inputs.text : undefined
  return typeof words === "string" ? words : undefined
}

const toGalleryError = (error: NonNullable<PlayedScene["error"]>) =>
  error instanceof JobFailed && error.hint !== undefined
    ? { message: error.reason, hint: error.hint }
    : { message: error.message }
