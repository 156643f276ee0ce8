import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Theme, themes } from "./Chart.ts"

/** Writes a picture to docs/images, once for light pages and once for dark ones. */
export const writePicture = (name: string, draw: (theme: Theme) => string): void => {
  for (const [scheme, theme] of Object.entries(themes)) {
    const file = fileURLToPath(new URL(`../../../../docs/images/${name}-${scheme}.svg`, import.meta.url))
    writeFileSync(file, draw(theme))
  }
}
