import type { ProgressStyle } from "./InMemoryApi.ts"

/** What a job reports at a share of its time: nothing, steps of a tenth that stick at 0.9, or nearly the truth. */
export const progressOf = (style: ProgressStyle, share: number): number => {
  switch (style) {
    case "none":
      return 0
    case "stepped":
      return Math.min(0.9, Math.floor(share * 10) / 10)
    case "smooth":
      return share < 0.15 ? 0 : ((share - 0.15) / 0.85) ** 1.15
  }
}
