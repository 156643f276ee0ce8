import { existsSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { bring } from "../bring.ts"
import { findBinary } from "../runtimes/binaries.ts"
import type { Runtime } from "./install.ts"

/** The oldest Node that the packages support. */
const oldestNode = "22.19.0"

/** The runtimes that a consumer can use; `undefined` if one can't be had on this machine. */
export const findRuntimes = (): Readonly<Record<string, Runtime | undefined>> => ({
  "Node 24": [process.execPath],
  "Node 22": findOldestNode(),
  Bun: toRuntime(findBinary("bun"), "run"),
  Deno: toRuntime(findBinary("deno"), "run", "--allow-all", "--node-modules-dir=manual"),
})

/** Compilers, by version. */
export const findCompilers = (): Readonly<Record<string, string | undefined>> => {
  const modules = bring("typescript", "5.9.3")
  return {
    "TypeScript 7": join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc"),
    "TypeScript 5.9": modules && join(modules, "typescript/bin/tsc"),
  }
}

const findOldestNode = (): Runtime | undefined => {
  const name = `node-${process.platform}-${process.arch}`
  const modules = bring(name, oldestNode)
  const program = modules && join(modules, name, "bin/node")
  return program !== undefined && existsSync(program) ? [program] : undefined
}

const toRuntime = (program: string | undefined, ...args: ReadonlyArray<string>): Runtime | undefined =>
  program === undefined ? undefined : [program, ...args]
