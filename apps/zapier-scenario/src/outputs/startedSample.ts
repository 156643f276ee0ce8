/** What is different in a generation that has only begun. */
export const startedSample = {
  status: "queued",
  finished: false,
  message: "Generation job_ocZCnKd8Wq5rYtUe is on its way and is billed.",
  progress: 0,
  assetId: null,
  assetUrl: null,
  file: null,
  assets: [],
}
