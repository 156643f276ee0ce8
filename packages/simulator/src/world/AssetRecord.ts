import type { AssetSpec } from "../media/AssetSpec.ts"
import type { JsonObject } from "../json.ts"

/** An asset as the simulator keeps it; the wire's shape is made on asking. Times are simulated epoch ms. */
export interface AssetRecord {
  readonly id: string
  readonly createdAt: number
  updatedAt: number
  /** Until then it isn't in any list and 404 by id. */
  readonly visibleFrom: number
  /** Until then it is `pending`. */
  readonly readyAt: number
  readonly jobId: string | undefined
  /** It was shown before its job ended, so it doesn't go away when the job fails: its status is `error` then. */
  readonly isShownEarly: boolean
  readonly authorId: string
  readonly ownerId: string
  readonly source: string
  /** `metadata.type`. */
  readonly metadataType: string
  /** Members of `metadata` beside the usual ones. */
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
