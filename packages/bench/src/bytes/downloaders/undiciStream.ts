import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { stream } from "undici"
import { type Download, downloadConcurrently } from "../Download.ts"

export const download = (all: Download): Promise<void> =>
  downloadConcurrently(all, async (url, name) => {
    await stream(url, { method: "GET" }, () => createWriteStream(join(all.folder, name)))
  })
