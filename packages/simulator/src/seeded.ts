// The only source of randomness, so that a seed always gives the same simulation.

/** An unsigned 32-bit hash (FNV-1a with a final mix). */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export type Random = () => number

/** Creates a generator of numbers in [0, 1), which are the same for the same text (mulberry32). */
export const createRandom = (text: string): Random => {
  let state = hashText(text)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Draws a log-normal number with median 1. Durations of jobs are distributed like this. */
export const drawLogNormal = (random: Random, sigma: number): number => {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** Makes unique IDs such as `job_k3b…`, which are the same for the same seed. */
export class Identifiers {
  readonly #seed: number
  #count = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  next(prefix: string): string {
    const random = createRandom(`${this.#seed}/${prefix}/${this.#count++}`)
    let id = prefix
    for (let index = 0; index < 22; index++) id += alphabet[Math.floor(random() * alphabet.length)]
    return id
  }
}
