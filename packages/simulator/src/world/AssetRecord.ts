import type { AssetSpec } from "../media/AssetSpec.ts"
import type { JsonObject } from "../json.ts"

/** An asset in the simulator. Times are simulated epoch ms. */
export interface AssetRecord {
  readonly id: string
  readonly createdAt: number
  updatedAt: number
  /** Before this time it isn't listed, and reading it returns 404. */
  readonly visibleFrom: number
  /** Before this time it is `pending`. */
  readonly readyAt: number
  readonly jobId: string | undefined
  /** Whether it is visible before its job ends. If that job fails, it stays visible with the status `error`. */
  readonly isShownEarly: boolean
  readonly authorId: string
  readonly ownerId: string
  readonly source: string
  /** `metadata.type`. */
  readonly metadataType: string
  /** Additional members of `metadata`. */
  readonly metadata: JsonObject
  readonly spec: AssetSpec
  readonly outputIndex: number | undefined
  readonly parentId: string | undefined
  readonly modelId: string | undefined
  readonly inferenceId: string | undefined
  readonly collectionIds: Set<string>
  readonly tags: Set<string>
  readonly isPublic: boolean
  isHidden: boolean
  name: string | undefined
  description: string | undefined
  lockId: string | undefined
}
