import { checkDate, type Checked } from "../checkArguments.ts"

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

export const checkDates = (filters: DateFilters): ReadonlyArray<Checked> => {
  const { created, updated } = datedBy(filters)
  return [
    checkDate("createdAfter", filters.createdAfter),
    checkDate("createdBefore", filters.createdBefore),
    checkDate("updatedAfter", filters.updatedAfter),
    checkDate("updatedBefore", filters.updatedBefore),
    created && updated
      ? {
          path: "updatedAfter",
          message: "Dates of creation and of update can't be combined. Remove one kind.",
        }
      : undefined,
    (filters.sortBy === "createdAt" && updated) || (filters.sortBy === "updatedAt" && created)
      ? {
          path: "sortBy",
          message: `A list that is filtered by dates can only be sorted by the same dates. Remove sortBy, or sort by ${created ? "createdAt" : "updatedAt"}.`,
        }
      : undefined,
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
