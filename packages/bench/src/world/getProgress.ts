import type { ProgressStyle } from "./InMemoryApi.ts"

/**
 * What a job reports at a share of its time: nothing, steps of a tenth that stick at 0.9, nearly the truth, or the truth
 * after a tenth in a queue, as the simulator reports of the jobs that are added to it.
 */
export const getProgress = (style: ProgressStyle, share: number): number => {
  switch (style) {
    case "none":
      return 0
    case "stepped":
      return Math.min(0.9, Math.floor(share * 10) / 10)
    case "linear":
      return Math.min(0.99, Math.max(0, (share - 0.1) / 0.9))
    case "smooth":
      return share < 0.15 ? 0 : ((share - 0.15) / 0.85) ** 1.15
  }
}
