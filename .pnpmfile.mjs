/** The command line is published as a bundle: what it imports is in it, and its users install nothing else. */
const bundled = new Set(["@scenario-automation/cli"])

export const hooks = {
  beforePacking(manifest) {
    if (bundled.has(manifest.name)) delete manifest.dependencies
    return manifest
  },
}
