import type { OutputKind } from "./outputKind.ts"
import type { DurationExpectation } from "./Pace.ts"

const guess = (medianMs: number, sigma: number): DurationExpectation => ({
  medianMs,
  sigma,
  isLearned: false,
})

/** A whole pool of image models; its p5..p95 is 5 to 60 seconds. */
const imagePrior = guess(17_300, 0.76)

/** By what a model makes: whole pools, whose p5..p95 is 1 to 10 minutes for films and 2 to 15 for 3D. */
const priorByOutput: Readonly<Record<OutputKind, DurationExpectation>> = {
  image: imagePrior,
  audio: guess(30_000, 1),
  video: guess(190_000, 0.76),
  "3d": guess(330_000, 0.68),
}

/** Guesses by the type of job, wide on purpose: one kind covers models of very different speed. */
const priorByJobType: ReadonlyMap<string, DurationExpectation> = new Map([
  ...[
    "generate-prompt",
    "image-prompt",
    "translate",
    "caption",
    "caption-llava",
    "describe-style",
    "embed",
  ].map((type) => [type, guess(3_000, 0.6)] as const),
  ...["remove-background", "pixelate", "detection", "segment", "patch-image"].map(
    (type) => [type, guess(6_000, 0.7)] as const,
  ),
  ...["splat", "skybox-3d", "mesh-preview-rendering"].map((type) => [type, guess(120_000, 1)] as const),
  ["workflow", guess(60_000, 1.2)],
  ["custom", guess(20_000, 1.2)],
])

/** What is presumed of a job before any of its like was seen. A custom job can be anything: its model tells more. */
export const priorOf = (jobType: string | undefined, output: OutputKind | undefined): DurationExpectation => {
  const isCustom = jobType === undefined || jobType === "custom"
  if (isCustom && output !== undefined) return priorByOutput[output]
  return priorByJobType.get(jobType ?? "custom") ?? imagePrior
}
