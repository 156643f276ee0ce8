export interface CollectionRecord {
  readonly id: string
  name: string
  readonly assetIds: Set<string>
  readonly modelIds: Set<string>
  readonly createdAt: number
  updatedAt: number
}
