/** A task for a downloader: save files of one size into a folder, at most `concurrency` at a time. */
export interface Download {
  readonly urls: ReadonlyArray<string>
  readonly folder: string
  readonly concurrency: number
}

/** Calls `get` for each URL with the name of its file, at most `concurrency` at a time. */
export const downloadConcurrently = async (
  { urls, concurrency }: Download,
  get: (url: string, name: string) => Promise<void>,
): Promise<void> => {
  const rest = urls.entries()
  const line = async () => {
    for (const [index, url] of rest) await get(url, `${index}.png`)
  }
  await Promise.all(Array.from({ length: concurrency }, line))
}
