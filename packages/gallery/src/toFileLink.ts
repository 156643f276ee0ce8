/**
 * The address of a file below the page's folder, or `undefined` for a path outside of it. It starts with `./`, so that a file named
 * `javascript:alert(1)` doesn't run as a script.
 */
export const toFileLink = (path: string): string | undefined => {
  const segments = path.toWellFormed().split("/")
  const leadsOut =
    segments.some((segment) => segment === ".." || segment === "") || /^[a-z]:\\|^\\/i.test(path)
  if (leadsOut) return undefined
  return `./${segments
    .filter((segment) => segment !== ".")
    .map(encodeURIComponent)
    .join("/")}`
}

export const getFileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
