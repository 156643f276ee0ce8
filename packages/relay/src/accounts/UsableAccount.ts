import type { ScenarioSettings } from "@scenario-automation/core"

/** An account that a client may use. */
export interface UsableAccount {
  /** The same for all accounts with the same credentials: they share one owner, one poll loop, and one request budget. */
  readonly ownerKey: string
  readonly settings: ScenarioSettings
}
