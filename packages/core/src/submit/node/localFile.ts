import { Effect } from "effect"
import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import { basename } from "node:path"
import { InvalidInput } from "../../errors.ts"
import type { FileAsStream } from "../../account/LocalFile.ts"

/** A file of this machine as an input. It is read as it is sent; `InvalidInput` where it is none that can be read. */
export const localFile = (path: string): Effect.Effect<FileAsStream, InvalidInput> =>
  Effect.tryPromise({
    try: () => stat(path),
    catch: () => notReadable(path, "nothing there that can be read"),
  }).pipe(
    Effect.flatMap((found) =>
      found.isFile()
        ? Effect.succeed({ fileName: basename(path), size: found.size, stream: () => createReadStream(path) })
        : Effect.fail(notReadable(path, "a folder or a device")),
    ),
  )

const notReadable = (path: string, got: string): InvalidInput =>
  new InvalidInput({ issues: [{ path, expected: "a file on this machine", got }] })
