/** One page of a list, and the cursor of the next. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Absent on the last page. It can expire. */
  readonly nextToken?: string | undefined
  /** True if rows or the cursor couldn't be read, so that there may be more than `items`. */
  readonly isPartial?: boolean | undefined
}
