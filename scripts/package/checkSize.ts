import { readFileSync } from "node:fs"
import { build } from "esbuild"
import { gzipSync } from "node:zlib"

/** Bounds in bytes. */
interface Bound {
  readonly bytes: number
  readonly gzip: number
}

/** A package's size.json. */
interface SizeBudget {
  /** Published files, as they are. */
  readonly files?: Readonly<Record<string, Bound>>
  /** Published files, as esbuild bundles all that they export, dependencies included. */
  readonly bundles?: Readonly<Record<string, Bound>>
}

/** What is larger than its budget, as sentences. */
export const findExcesses = async ({
  files = {},
  bundles = {},
}: SizeBudget): Promise<ReadonlyArray<string>> => [
  ...Object.entries(files).flatMap(([file, bound]) => describeExcess(file, readFileSync(file), bound)),
  ...(
    await Promise.all(
      Object.entries(bundles).map(async ([file, bound]) =>
        describeExcess(`${file} bundled by esbuild`, await bundle(file), bound),
      ),
    )
  ).flat(),
]

const describeExcess = (what: string, code: Uint8Array, bound: Bound): ReadonlyArray<string> => {
  const size: Bound = { bytes: code.length, gzip: gzipSync(code).length }
  console.log(`${what}: ${size.bytes} bytes, ${size.gzip} with gzip`)
  return (["bytes", "gzip"] as const)
    .filter((unit) => size[unit] > bound[unit])
    .map((unit) => `${what} has ${size[unit]} bytes (${unit}), more than the ${bound[unit]} of size.json.`)
}

const bundle = async (file: string): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}
