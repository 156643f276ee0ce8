import { clamp } from "../utils/clamp.ts"

/** A week, in milliseconds. */
const maxPauseMs = 7 * 24 * 3_600_000

/** Limits a pause that the API asks for, in milliseconds: it may send any number. */
export const toPauseMs = (milliseconds: number): number => clamp(milliseconds, 0, maxPauseMs)
