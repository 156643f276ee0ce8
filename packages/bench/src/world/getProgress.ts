/** How a job reports its progress. */
export type ProgressStyle = "none" | "stepped" | "smooth" | "linear"

/**
 * The progress that a job reports at this share of its duration: none, steps of a tenth up to 0.9, nearly accurate, or
 * accurate after a tenth in the queue, as the simulator reports it.
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
