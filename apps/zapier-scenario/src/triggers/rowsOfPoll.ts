import type { Bundle } from "zapier-platform-core"

/** How much one poll asks for: a few rows to show, as many as one page holds to know what is old, else what is new. */
export const rowsOfPoll = ({ meta }: Pick<Bundle, "meta">, largestPage: number) => {
  const most = meta.isLoadingSample ? rowsToShow : meta.isPopulatingDedupe ? rowsToKnow : rowsOfNews
  return { most, pageSize: Math.min(most, largestPage) }
}

const rowsToShow = 3
const rowsToKnow = 200
const rowsOfNews = 100
