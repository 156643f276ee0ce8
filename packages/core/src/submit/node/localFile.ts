import * as Effect from "effect/Effect"
import type { FileAsStream } from "../../account/LocalFile.ts"
import { InvalidInput } from "../../errors.ts"
import { getNodeModules, requireFileSystem } from "../../node/nodeModules.ts"

/** A file of this machine as an input. It is read as it is sent; `InvalidInput` where it is none that can be read. */
export const localFile = (path: string): Effect.Effect<FileAsStream, InvalidInput> =>
  Effect.gen(function* () {
    yield* requireFileSystem(path, "pass bytes, a Blob, or a URL")
    const modules = getNodeModules()
    const found = yield* Effect.tryPromise({
      try: () => modules.fs.promises.stat(path),
      catch: () => notReadable(path, "nothing there that can be read"),
    })
    if (!found.isFile()) return yield* notReadable(path, "a folder or a device")
    return {
      fileName: modules.path.basename(path),
      size: found.size,
      stream: () => modules.fs.createReadStream(path),
    }
  })

const notReadable = (path: string, got: string): InvalidInput =>
  new InvalidInput({ issues: [{ path, expected: "a file on this machine", got }] })
