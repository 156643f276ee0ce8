import { describeUnfinished } from "./unfinished.ts"

/** The parts of the sample that differ for a generation that has only started. */
export const startedSample = {
  status: "queued",
  finished: false,
  message: describeUnfinished("job_ocZCnKd8Wq5rYtUe"),
  progress: 0,
  assetId: null,
  assetUrl: null,
  file: null,
  assets: [],
}
