/** The version in package.json. `./run pnpm run version` writes both. */
export const version = "0.0.0"
