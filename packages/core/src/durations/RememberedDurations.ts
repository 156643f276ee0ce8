import * as Predicate from "effect/Predicate"
import { compact } from "../api/readers.ts"

/** One finished job, as it is remembered. Milliseconds. */
export interface RememberedJob {
  /** From its submission to its end. */
  readonly totalMs: number
  /** From the moment that work on it began; 0 if unknown. */
  readonly runMs: number
  /** Watched here from its beginning, and not only known by its dates. */
  readonly isOwn: boolean
}

/** `DurationHistory` as plain data that survives JSON. Its meaning never changes within a version. */
export interface RememberedDurations {
  readonly version: 1
  /** The key is a model's or a workflow's id, or the job's type if there is neither. The oldest job first. */
  readonly models: ReadonlyArray<{ readonly key: string; readonly jobs: ReadonlyArray<RememberedJob> }>
}

/** What can be read of an export; nothing of one from another version, because all of it can be learned again. */
export const readRememberedDurations = (exported: unknown): RememberedDurations["models"] => {
  if (!Predicate.isObject(exported) || Reflect.get(exported, "version") !== 1) return []
  const models: unknown = Reflect.get(exported, "models")
  return Array.isArray(models) ? compact(models.map(readModel)) : []
}

const readModel = (model: unknown): RememberedDurations["models"][number] | undefined => {
  if (!Predicate.isObject(model)) return undefined
  const key: unknown = Reflect.get(model, "key")
  const jobs: unknown = Reflect.get(model, "jobs")
  const readable = Array.isArray(jobs) ? compact(jobs.map(readJob)) : []
  return typeof key === "string" && readable.length > 0 ? { key, jobs: readable } : undefined
}

const readJob = (job: unknown): RememberedJob | undefined => {
  if (!Predicate.isObject(job)) return undefined
  const totalMs: unknown = Reflect.get(job, "totalMs")
  const runMs: unknown = Reflect.get(job, "runMs")
  if (typeof totalMs !== "number" || !(totalMs > 0 && totalMs < Infinity)) return undefined
  const isRunKnown = typeof runMs === "number" && runMs > 0 && runMs <= totalMs
  return { totalMs, runMs: isRunKnown ? runMs : 0, isOwn: Reflect.get(job, "isOwn") === true }
}
