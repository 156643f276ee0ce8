import type { Asset } from "@scenario-automation/core"

/**
 * The binary field of each asset, in the assets' order: the primary one gets `stem`, which other nodes read by default, and
 * the others `stem_2`, `stem_3`, ….
 */
export const nameBinaryFields = (
  stem: string,
  assets: ReadonlyArray<Pick<Asset, "assetId">>,
  primary: Pick<Asset, "assetId"> | undefined,
): ReadonlyArray<string> => {
  const found = assets.findIndex(({ assetId }) => assetId === primary?.assetId)
  const primaryIndex = Math.max(found, 0)
  return assets.map((_, index) => {
    if (index === primaryIndex) return stem
    return `${stem}_${index < primaryIndex ? index + 2 : index + 1}`
  })
}
