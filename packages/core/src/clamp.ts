/** The value, or the bound that it lies beyond. */
export const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most)
