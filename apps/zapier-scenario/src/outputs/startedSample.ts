import { describeUnfinished } from "./unfinished.ts"

export const startedSample = {
  status: "queued",
  finished: false,
  message: describeUnfinished("job_ocZCnKd8Wq5rYtUe"),
  progress: 0,
  assetId: null,
  assetUrl: null,
  thumbnailUrl: null,
  file: null,
  assets: [],
}
