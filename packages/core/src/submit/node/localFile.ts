import * as Effect from "effect/Effect"
import type { FileAsStream } from "../../account/LocalFile.ts"
import { InvalidInput } from "../../errors.ts"
import { getNodeModules, requireFileSystem } from "../../node/nodeModules.ts"

/**
 * A local file as an input. Its content is read when it is sent. Fails with `InvalidInput` if there is no such file; `input` is
 * the name of the input that it is for.
 *
 * @example
 * ```ts
 * const image = yield* localFile("front.png")
 * yield* generate({ endpoint: "remove-background", inputs: { image } })
 * ```
 */
export const localFile = (path: string, input?: string): Effect.Effect<FileAsStream, InvalidInput> =>
  Effect.gen(function* () {
    yield* requireFileSystem(input ?? "path", "Pass bytes, a Blob, or a URL.")
    const modules = getNodeModules()
    const found = yield* Effect.tryPromise({
      try: () => modules.fs.promises.stat(path),
      catch: () => refuse(`File not found: ${path}.`, input),
    })
    if (!found.isFile()) return yield* refuse(`${path} is a folder or a device, not a file.`, input)
    return {
      fileName: modules.path.basename(path),
      size: found.size,
      stream: () => modules.fs.createReadStream(path),
    }
  })

const refuse = (problem: string, input: string | undefined): InvalidInput => {
  const advice =
    input === undefined ? "Pass the path of a file." : "Pass a local file, a URL, or an asset ID."
  return new InvalidInput({ issues: [{ path: input ?? "path", message: `${problem} ${advice}` }] })
}
