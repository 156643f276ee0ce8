import * as Effect from "effect/Effect"
import { InvalidInput } from "../errors.ts"

/**
 * Modules that Node, Bun, and Deno bring along. They are not imported: bundlers for browsers and Workers can't resolve such
 * an import.
 */
const load = () => {
  const { process } = globalThis
  // A runtime can have the function without each module.
  const crypto = process?.getBuiltinModule?.("node:crypto")
  const fs = process?.getBuiltinModule?.("node:fs")
  const os = process?.getBuiltinModule?.("node:os")
  const path = process?.getBuiltinModule?.("node:path")
  const url = process?.getBuiltinModule?.("node:url")
  return crypto && fs && os && path && url && { crypto, fs, os, path, url }
}

type NodeModules = NonNullable<ReturnType<typeof load>>

let loaded: NodeModules | undefined

/** Throws if this platform has no file system. Callers that begin something check with `requireFileSystem`. */
export const getNodeModules = (): NodeModules => {
  loaded ??= load()
  if (loaded === undefined) throw new Error("This platform has no file system.")
  return loaded
}

/** Fails if this platform has no file system, as a browser or a Worker. `path` names the argument that needs one. */
export const requireFileSystem = (path: string, instead: string): Effect.Effect<void, InvalidInput> =>
  Effect.suspend(() => {
    loaded ??= load()
    if (loaded !== undefined) return Effect.void
    const issue = { path, expected: `a platform with a file system (without one, ${instead})`, got: "none" }
    return Effect.fail(new InvalidInput({ issues: [issue] }))
  })
