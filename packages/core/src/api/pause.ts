import { clamp } from "../clamp.ts"

/** No pause that the API asks for is taken as longer: a week. Milliseconds. */
const maxPauseMs = 7 * 24 * 3_600_000

/** A pause that the API asks for, in milliseconds, whatever number it gives: it becomes a time, and words. */
export const toPauseMs = (milliseconds: number): number => clamp(milliseconds, 0, maxPauseMs)
