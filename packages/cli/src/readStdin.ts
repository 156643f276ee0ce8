import { Effect } from "effect"
import { buffer } from "node:stream/consumers"

/** All of stdin, or nothing if it is closed. It can be read only once. */
export const readStdin: Effect.Effect<Buffer> = Effect.tryPromise(() => buffer(process.stdin)).pipe(
  Effect.orElseSucceed(() => Buffer.alloc(0)),
)
