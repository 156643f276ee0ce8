import { aDate, type Requirement } from "./argument.ts"

/** How a list is sorted and cut by date. All dates are ISO dates, and exclusive. */
export interface DateFilters {
  /** Default: the API's own order, or that of the dates that cut it. */
  readonly sortBy?: "createdAt" | "updatedAt" | undefined
  readonly sortDirection?: "asc" | "desc" | undefined
  readonly createdAfter?: string | undefined
  readonly createdBefore?: string | undefined
  readonly updatedAfter?: string | undefined
  readonly updatedBefore?: string | undefined
}

/** The API takes dates only of the field that the list is sorted by, and says so only by a refusal. */
const datedBy = ({ createdAfter, createdBefore, updatedAfter, updatedBefore }: DateFilters) => ({
  created: createdAfter !== undefined || createdBefore !== undefined,
  updated: updatedAfter !== undefined || updatedBefore !== undefined,
})

export const checkDates = (filters: DateFilters): ReadonlyArray<Requirement> => {
  const { created, updated } = datedBy(filters)
  return [
    aDate("createdAfter", filters.createdAfter),
    aDate("createdBefore", filters.createdBefore),
    aDate("updatedAfter", filters.updatedAfter),
    aDate("updatedBefore", filters.updatedBefore),
    ["updatedAfter", "both", "dates of creation or dates of update, not both", !(created && updated)],
    [
      "sortBy",
      filters.sortBy,
      created ? "createdAt, as the dates are" : "updatedAt, as the dates are",
      filters.sortBy === undefined || !(filters.sortBy === "createdAt" ? updated : created),
    ],
  ]
}

/** The query of a list with these filters: `sortBy` goes along with the dates that need it. */
export const dateQuery = (filters: DateFilters) => {
  const { created, updated } = datedBy(filters)
  return {
    sortBy: filters.sortBy ?? (created ? "createdAt" : updated ? "updatedAt" : undefined),
    sortDirection: filters.sortDirection,
    createdAfter: filters.createdAfter,
    createdBefore: filters.createdBefore,
    updatedAfter: filters.updatedAfter,
    updatedBefore: filters.updatedBefore,
  }
}
