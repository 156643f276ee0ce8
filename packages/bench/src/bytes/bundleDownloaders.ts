import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

/**
 * Bundles the downloaders as minified JavaScript and returns the path, so that stripping types and reading comments don't
 * count as their cost. The bundle is in a folder of this package, so that Effect finds undici when it loads it.
 */
export const bundleDownloaders = async (): Promise<string> => {
  const build = await rolldown({
    input: fileURLToPath(new URL("./runDownloader.ts", import.meta.url)),
    platform: "node",
    external: ["undici"],
    logLevel: "silent",
  })
  const dir = fileURLToPath(new URL("../../dist/bytes/", import.meta.url))
  await build.write({
    dir,
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name].mjs",
    minify: true,
  })
  await build.close()
  return join(dir, "runDownloader.mjs")
}
