import type { Asset } from "@scenario-automation/core"
import type { SavedFile } from "@scenario-automation/core/node"

/** An asset as every command prints it with `--json`: core's `Asset`, and of its saved file core's `SavedFile`. */
export const toAssetJson = (asset: Asset, file?: SavedFile): Readonly<Record<string, unknown>> => ({
  ...asset,
  ...file,
})
