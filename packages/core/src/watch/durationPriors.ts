import type { DurationExpectation } from "./Pace.ts"

const guess = (medianMs: number, sigma: number): DurationExpectation => ({
  medianMs,
  sigma,
  isLearned: false,
})

/** A whole pool of image models; its p5..p95 is 5 to 60 seconds. */
const imagePrior = guess(17_300, 0.76)

/** Guesses by the kind of job, wide on purpose: one kind covers models of very different speed. */
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

/** What is presumed of a kind of job before any was seen. */
export const priorOf = (jobType: string | undefined): DurationExpectation =>
  priorByJobType.get(jobType ?? "custom") ?? imagePrior
