import type { Asset, Generated, JobRef } from "@scenario-automation/core"
import type { SavedFile } from "@scenario-automation/core/node"

/** An asset, and where its file was saved. */
export interface DeliveredAsset {
  readonly asset: Asset
  readonly file: SavedFile
}

/** A generation that came through, files in place. */
export interface Delivery {
  readonly job: JobRef
  readonly status: string
  readonly assets: ReadonlyArray<DeliveredAsset>
  /** The result of a generation that makes no asset. */
  readonly output: Generated["output"]
  /** Compute units, where the API says. */
  readonly cost: number | undefined
  /** What the IP detection found, if it was asked for. */
  readonly ipDetection: Generated["ipDetection"]
  /** The asset that the job was run for. */
  readonly primaryId: string | undefined
  /** What Scenario says beside the success. */
  readonly warning: string | undefined
}

/** `{ job, assets, primary, output, cost }`, as `--json` prints it. */
export const deliveryJson = ({
  job,
  status,
  assets,
  output,
  cost,
  ipDetection,
  primaryId,
  warning,
}: Delivery): Readonly<Record<string, unknown>> => ({
  job: { id: job.jobId, status, submittedAt: job.submittedAt, modelId: job.modelId },
  assets: assets.map(({ asset, file }) => ({
    id: asset.assetId,
    url: asset.url,
    file: file.path,
    mimeType: file.mimeType,
    bytes: file.bytes,
    promisedBytes: file.promisedBytes,
    kind: asset.kind,
    width: asset.width,
    height: asset.height,
    text: asset.text,
  })),
  primary: primaryId,
  output,
  cost,
  ipDetection,
  warning,
})
