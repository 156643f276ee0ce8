import { existsSync, readFileSync } from "node:fs"

const documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]

/**
 * A path that begins at the root, in backquotes or as the target of a link: `packages/core/src/errors.ts`. One with a
 * placeholder or a star is no path.
 */
const path = /[`(]((?:apps|packages|docs|scripts|examples)\/[\w./-]+)[`)]/g

/** The files that these documents name and that don't exist. */
export const findMissingPaths = (): ReadonlyArray<string> =>
  documents.flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(path)].flatMap(([, named]) =>
      named === undefined || existsSync(named) ? [] : [`${document}: there is no ${named}.`],
    ),
  )
