const maxPaths = 10_000

/** What one account saved in this process: the asset of each file, and the folders that were cleaned up. */
export class FolderMemory {
  readonly #assetByPath = new Map<string, string>()
  readonly #folders = new Set<string>()

  /** The asset of a file, or `undefined` if this process didn't save it. */
  getAsset(path: string): string | undefined {
    return this.#assetByPath.get(path)
  }

  remember(path: string, assetId: string): void {
    this.#assetByPath.delete(path)
    this.#assetByPath.set(path, assetId)
    const [oldest] = this.#assetByPath.keys()
    if (this.#assetByPath.size > maxPaths && oldest !== undefined) this.#assetByPath.delete(oldest)
  }

  /** Adds a folder. Returns false if it was added before. */
  addFolder(folder: string): boolean {
    const isNew = !this.#folders.has(folder)
    if (this.#folders.size >= maxPaths) this.#folders.clear()
    this.#folders.add(folder)
    return isNew
  }
}

const memories = new WeakMap<object, FolderMemory>()

/** The memory of an account. Any of its services can be the key. */
export const getFolderMemory = (account: object): FolderMemory => {
  const memory = memories.get(account) ?? new FolderMemory()
  memories.set(account, memory)
  return memory
}
