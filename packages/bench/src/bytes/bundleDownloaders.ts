import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

/**
 * The downloaders as JavaScript, minified as the bundle of `./run bench cost` is: else the stripping of types, or a
 * megabyte of comments, would count as theirs.
 * In a folder of this package, so that undici, which Effect loads when it is needed, is found. Answers with its path.
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
