/** A PostgreSQL server for a try, a test, or a benchmark. */
export { type LocalPostgres, startLocalPostgres } from "./localPostgres.ts"
export { relay } from "./relay.ts"
export { readSettings } from "./settings/readSettings.ts"
export type {
  ClientSettings,
  ConfiguredAccount,
  DatabaseSettings,
  RelaySettingsShape,
  RunnerSettings,
} from "./settings/RelaySettings.ts"
