export interface Lognormal {
  readonly medianMs: number
  /** Standard deviation of the logarithm of the duration. */
  readonly sigma: number
}

/** How long a job, or a part of it, takes: a lognormal distribution. */
export interface DurationEstimate extends Lognormal {
  /** The same in parts, if the jobs of a model fall into groups. Shares are 0..1, and 1 in total. */
  readonly groups?: ReadonlyArray<Lognormal & { readonly share: number }> | undefined
}

/** How long jobs like this one take, from their submission to their end. */
export interface DurationExpectation extends DurationEstimate {
  /** True if learned from jobs of the same model that were watched here; false for a prior, and for listed jobs. */
  readonly isLearned: boolean
  /** The same from the moment that work on them begins: what a job in a long queue still has before it. */
  readonly run?: DurationEstimate | undefined
}
