/** Saved files that are remembered. */
const maxPaths = 10_000

/** What one account has saved in this process: which asset a file is of, and which folders were looked through. */
export class FolderMemory {
  readonly #assetByPath = new Map<string, string>()
  readonly #folders = new Set<string>()

  /** The asset whose file it is; `undefined` if another process, or a person, put it there. */
  assetAt(path: string): string | undefined {
    return this.#assetByPath.get(path)
  }

  remember(path: string, assetId: string): void {
    this.#assetByPath.delete(path)
    this.#assetByPath.set(path, assetId)
    const [oldest] = this.#assetByPath.keys()
    if (this.#assetByPath.size > maxPaths && oldest !== undefined) this.#assetByPath.delete(oldest)
  }

  /** True the first time a folder is asked about. */
  isNewFolder(folder: string): boolean {
    const isNew = !this.#folders.has(folder)
    if (this.#folders.size >= maxPaths) this.#folders.clear()
    this.#folders.add(folder)
    return isNew
  }
}

const memories = new WeakMap<object, FolderMemory>()

/** The memory of an account, by one of its services. */
export const getFolderMemory = (account: object): FolderMemory => {
  const memory = memories.get(account) ?? new FolderMemory()
  memories.set(account, memory)
  return memory
}
