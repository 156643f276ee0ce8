import { outputText } from "@scenario-automation/cli"
import { endpoints, type GenerationRequest, JobFailed } from "@scenario-automation/core"
import type { Gallery, GalleryAsset, GalleryEntry } from "@scenario-automation/gallery"
import { readFileSync } from "node:fs"
import { relative, sep } from "node:path"
import type { PlayedScene } from "./play.ts"
import type { World } from "./World.ts"

/** The gallery of what was played; its page will lie in `out`. */
export const galleryOf = (played: ReadonlyArray<PlayedScene>, world: World, out: string): Gallery => ({
  title: "Scenario Automation: the demo",
  generatedAt: new Date().toISOString(),
  entries: played.map((scene) => entryOf(scene, world, out)),
  requests: { total: world.requests.requests.length, byKind: world.requests.byKind() },
  cost: costOf(played),
})

/** Compute units that all of it took; what failed was given back, or is not known to have cost anything. */
export const costOf = (played: ReadonlyArray<PlayedScene>): number =>
  played.reduce((sum, { generated }) => sum + (generated?.cost ?? 0), 0)

const entryOf = (
  { scene, request, jobId, generated, delivery, error }: PlayedScene,
  world: World,
  out: string,
): GalleryEntry => {
  const timeline = (generated?.snapshot?.statusHistory ?? []).map(({ status, date }) => ({
    status,
    at: new Date(world.wallTimeOf(Date.parse(date))).toISOString(),
  }))
  const endedAt = Date.parse(timeline.at(-1)?.at ?? "")
  const looks = world.requests.looksAt(
    jobId,
    Date.parse(timeline[0]?.at ?? ""),
    Number.isNaN(endedAt) ? Infinity : endedAt + longestLateMs,
  )
  const assets = delivery?.assets ?? []
  const prompt = promptOf(request)
  return {
    title: scene.title,
    endpoint: "endpoint" in request ? endpoints[request.endpoint].path : `/generate/custom/${scene.model}`,
    jobId,
    status: generated?.snapshot?.status ?? (error === undefined ? "success" : "failure"),
    timeline,
    looks,
    requests: 1 + looks.length + world.requests.countFor(assets.map(({ asset }) => asset.assetId)),
    assets: assets.map(({ asset, file }): GalleryAsset => {
      const { width, height, prompt: shown = prompt } = asset
      return {
        assetId: asset.assetId,
        file: relative(out, file.path).split(sep).join("/"),
        mimeType: file.mimeType,
        kind: asset.kind,
        bytes: file.bytes,
        ...(width === undefined ? {} : { width }),
        ...(height === undefined ? {} : { height }),
        ...(shown === undefined ? {} : { alt: shown }),
        ...(asset.kind === "text" ? { text: readFileSync(file.path, "utf8") } : {}),
      }
    }),
    ...(generated?.primary === undefined ? {} : { primary: generated.primary.assetId }),
    ...(scene.model === undefined ? {} : { model: scene.model }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(generated?.cost === undefined ? {} : { cost: generated.cost }),
    ...(generated?.output === undefined ? {} : { output: outputText(generated.output).join("\n") }),
    ...(error === undefined ? {} : { error: errorOf(error) }),
  }
}

/** A page of jobs that was asked for much later than a job ended was asked for the others. */
const longestLateMs = 20_000

const promptOf = ({ inputs }: GenerationRequest): string | undefined =>
  "prompt" in inputs && typeof inputs.prompt === "string" ? inputs.prompt : undefined

const errorOf = (error: NonNullable<PlayedScene["error"]>) =>
  error instanceof JobFailed && error.hint !== undefined
    ? { message: error.reason, hint: error.hint }
    : { message: error.message }
