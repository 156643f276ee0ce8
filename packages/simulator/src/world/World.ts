import { catalogModels } from "../catalog/models.ts"
import type { ModelRecord } from "../catalog/ModelRecord.ts"
import { catalogWorkflows } from "../catalog/workflows.ts"
import type { WorkflowRecord } from "../catalog/WorkflowRecord.ts"
import { Faults } from "../Faults.ts"
import { Identifiers } from "../seeded.ts"
import type { SimulatorSettings } from "../SimulatorSettings.ts"
import { Assets } from "./Assets.ts"
import { CdnLinks } from "./CdnLinks.ts"
import type { CollectionRecord } from "./CollectionRecord.ts"
import type { JobPlan } from "./JobRecord.ts"
import { Jobs } from "./Jobs.ts"
import { Ledger } from "./Ledger.ts"
import { RequestLog } from "./RequestLog.ts"
import { SimulatedClock } from "./SimulatedClock.ts"
import type { UploadRecord } from "./UploadRecord.ts"
import type { DecidableRun } from "./DecidableRun.ts"

/** The state of a simulation. */
export class World {
  readonly settings: SimulatorSettings
  readonly clock: SimulatedClock
  readonly faults: Faults
  readonly links: CdnLinks
  readonly identifiers: Identifiers
  readonly log = new RequestLog()
  readonly ledger = new Ledger()
  readonly jobs: Jobs
  readonly assets: Assets
  readonly models = new Map<string, ModelRecord>()
  readonly workflows = new Map<string, WorkflowRecord>()
  readonly collections = new Map<string, CollectionRecord>()
  readonly uploads = new Map<string, UploadRecord>()
  readonly workflowRuns = new Map<string, DecidableRun>()
  readonly plannedJobs: Array<JobPlan> = []
  /** When requests were accepted in the last minute. */
  readonly admittedAt: Array<number> = []
  /** The user of the API key, who is the author of everything that it creates. */
  readonly authorId: string

  constructor(settings: SimulatorSettings, clock = new SimulatedClock(settings.clock, settings.speed)) {
    this.settings = settings
    this.clock = clock
    this.faults = new Faults(settings.seed)
    this.identifiers = new Identifiers(settings.seed)
    this.authorId = this.identifiers.next("apiu_")
    const now = () => this.clock.now()
    this.links = new CdnLinks(settings.seed, settings.linkTtlMs, now)
    this.jobs = new Jobs(now)
    this.assets = new Assets(this.links, now, (jobId) => this.jobs.isAborted(jobId))
    for (const model of catalogModels) {
      if (settings.ownModels || model.privacy === "public") this.models.set(model.id, model)
    }
    for (const workflow of catalogWorkflows) this.workflows.set(workflow.id, workflow)
  }
}
