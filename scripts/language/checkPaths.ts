import { existsSync, readFileSync } from "node:fs"

const documents = ["CONTRIBUTING.md", "ARCHITECTURE.md"]

/** A path in backquotes that begins at the root: `packages/core/src/errors.ts`. One with a placeholder or a star is no path. */
const path = /`((?:apps|packages|docs|scripts)\/[\w./-]+)`/g

/** The files that the documents for contributors name and that don't exist. */
export const findMissingPaths = (): ReadonlyArray<string> =>
  documents.flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(path)].flatMap(([, named]) =>
      named === undefined || existsSync(named) ? [] : [`${document}: there is no ${named}.`],
    ),
  )
