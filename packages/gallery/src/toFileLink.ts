/**
 * The address of a file below the page's own folder, or nothing for a path that leads out of it.
 * It starts with `./`, so that a file called `javascript:alert(1)` is a file and not a program.
 */
export function toFileLink(path: string): string | undefined {
  const segments = path.toWellFormed().split("/")
  const leadsOut =
    segments.some((segment) => segment === ".." || segment === "") || /^[a-z]:\\|^\\/i.test(path)
  if (leadsOut) return undefined
  return `./${segments
    .filter((segment) => segment !== ".")
    .map(encodeURIComponent)
    .join("/")}`
}

/** The last part of a path: what the file is called. */
export const getFileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
