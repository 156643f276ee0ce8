import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Plugin } from "rolldown"

/** The name of the file that lists the licenses of bundled packages, in a package's `dist`. */
export const licensesFile = "LICENSES.md"

/** Writes the license of each package that a bundle contains: these licenses ask for it. */
export const thirdPartyLicenses = (): Plugin => ({
  name: "third-party-licenses",
  generateBundle(_, output) {
    const modules = Object.values(output).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
    const folders = new Set(modules.flatMap((id) => findPackageFolder(id) ?? []))
    const licenses = [...folders].map(readLicense).toSorted((one, other) => one.localeCompare(other))
    this.emitFile({ type: "asset", fileName: licensesFile, source: [intro, ...licenses].join("\n") })
  },
})

const intro = "# Licenses of bundled packages\n"

/** The folder of an installed package that a module is in; `undefined` for modules of this repository. */
const findPackageFolder = (id: string): string | undefined => {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? []
  return folder
}

const readLicense = (folder: string): string => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const [file] = globSync("{LICENSE,LICENCE,license}*", { cwd: folder })
  if (file === undefined) throw new Error(`${name} is bundled, and has no license file in ${folder}.`)
  const text = readFileSync(join(folder, file), "utf8").trim()
  return `## ${name} ${version} (${license})\n\n\`\`\`\n${text}\n\`\`\`\n`
}
