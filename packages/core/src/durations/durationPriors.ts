import type { OutputKind } from "./outputKind.ts"
import type { DurationExpectation } from "./DurationEstimate.ts"

const prior = (medianMs: number, sigma: number): DurationExpectation => ({
  medianMs,
  sigma,
  isLearned: false,
})

/** A whole pool of image models; its p5..p95 is 5 to 60 seconds. */
const imagePrior = prior(17_300, 0.76)

/** By what a model makes: whole pools, whose p5..p95 is 1 to 10 minutes for videos and 2 to 15 for 3D. */
const priorByOutput: Readonly<Record<OutputKind, DurationExpectation>> = {
  image: imagePrior,
  audio: prior(30_000, 1),
  video: prior(190_000, 0.76),
  "3d": prior(330_000, 0.68),
}

/** By the type of job, wide on purpose: one type covers models of very different speed. */
const priorByJobType: ReadonlyMap<string, DurationExpectation> = new Map([
  ...[
    "generate-prompt",
    "image-prompt",
    "translate",
    "caption",
    "caption-llava",
    "describe-style",
    "embed",
  ].map((type) => [type, prior(3_000, 0.6)] as const),
  ...["remove-background", "pixelate", "detection", "segment", "patch-image"].map(
    (type) => [type, prior(6_000, 0.7)] as const,
  ),
  ...["splat", "skybox-3d", "mesh-preview-rendering"].map((type) => [type, prior(120_000, 1)] as const),
  ["workflow", prior(60_000, 1.2)],
  ["custom", prior(20_000, 1.2)],
])

/** What is presumed of a job before any job of its model has finished. A custom job can be anything: its model says more. */
export const getDurationPrior = (
  jobType: string | undefined,
  output: OutputKind | undefined,
): DurationExpectation => {
  const isCustom = jobType === undefined || jobType === "custom"
  if (isCustom && output !== undefined) return priorByOutput[output]
  return priorByJobType.get(jobType ?? "custom") ?? imagePrior
}
