export { relay } from "./relay.ts"
export { readSettings } from "./settings/readSettings.ts"
export type {
  ClientSettings,
  ConfiguredAccount,
  DatabaseSettings,
  RelaySettingsShape,
  RunnerSettings,
} from "./settings/RelaySettings.ts"
