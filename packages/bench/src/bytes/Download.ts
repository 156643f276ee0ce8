/** What a downloader is to do: get files of one size, so many at a time, into a folder. */
export interface Download {
  readonly urls: ReadonlyArray<string>
  readonly folder: string
  readonly atOnce: number
}

/** Runs it over all URLs, at most so many at once; the file of each has the name that is given with it. */
export const severalAtOnce = async (
  { urls, atOnce }: Download,
  get: (url: string, name: string) => Promise<void>,
): Promise<void> => {
  const rest = urls.entries()
  const line = async () => {
    for (const [index, url] of rest) await get(url, `${index}.png`)
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}
