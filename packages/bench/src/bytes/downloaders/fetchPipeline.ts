import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { type Download, downloadConcurrently } from "../Download.ts"

export const download = (all: Download): Promise<void> =>
  downloadConcurrently(all, async (url, name) => {
    const { body } = await fetch(url)
    if (body !== null) await pipeline(body, createWriteStream(join(all.folder, name)))
  })
