import { checkDate, type Checked } from "../checkArguments.ts"

/** How a list is sorted and filtered by date. All dates are ISO dates, and exclusive. */
export interface DateFilters {
  /** Default: the order of the date filters, or else the API's own. */
  readonly sortBy?: "createdAt" | "updatedAt" | undefined
  /** Default: the API's own. */
  readonly sortDirection?: "asc" | "desc" | undefined
  /** Default: no limit. */
  readonly createdAfter?: string | undefined
  /** Default: no limit. */
  readonly createdBefore?: string | undefined
  /** Default: no limit. */
  readonly updatedAfter?: string | undefined
  /** Default: no limit. */
  readonly updatedBefore?: string | undefined
}

export const checkDates = (filters: DateFilters): ReadonlyArray<Checked> => {
  const { created, updated } = getFilteredFields(filters)
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

/** Adds the `sortBy` that the API requires for date filters. */
export const toDateQuery = (filters: DateFilters) => {
  const { created, updated } = getFilteredFields(filters)
  return {
    sortBy: filters.sortBy ?? (created ? "createdAt" : updated ? "updatedAt" : undefined),
    sortDirection: filters.sortDirection,
    createdAfter: filters.createdAfter,
    createdBefore: filters.createdBefore,
    updatedAfter: filters.updatedAfter,
    updatedBefore: filters.updatedBefore,
  }
}

/** The API rejects date filters on another field than the list is sorted by, without documenting it. */
const getFilteredFields = ({ createdAfter, createdBefore, updatedAfter, updatedBefore }: DateFilters) => ({
  created: createdAfter !== undefined || createdBefore !== undefined,
  updated: updatedAfter !== undefined || updatedBefore !== undefined,
})
