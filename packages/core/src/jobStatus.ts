// What a status means, for packages that only show jobs: this entry loads nothing else of the library.
export {
  classifyJob,
  findStepsAwaitingApproval,
  getJobPhase,
  type JobOutcome,
  type JobPhase,
} from "./api/jobStatus.ts"
