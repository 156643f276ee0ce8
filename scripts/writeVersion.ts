// Writes the version of core into its sources. Runs after `changeset version`.
import { readFileSync, writeFileSync } from "node:fs"

const core = new URL("../packages/core/", import.meta.url)
const { version } = JSON.parse(readFileSync(new URL("package.json", core), "utf8"))
const file = new URL("src/version.ts", core)
const source = readFileSync(file, "utf8")
writeFileSync(file, source.replace(/version = ".*"/, `version = "${version}"`))
