import { parseArgs } from "node:util"

export interface RelayFlags {
  readonly simulator: boolean
  readonly config?: string | undefined
  readonly cluster?: number | undefined
}

export type ParsedFlags =
  | { readonly kind: "run"; readonly flags: RelayFlags }
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly problem: string }

export const relayUsage = `usage: scenario-relay [flags]

  --simulator      try it: a simulated Scenario, a new database, and printed tokens
  --config FILE    a JSON file with clients and accounts
  --cluster N      try a cluster: N runners and PostgreSQL on this machine
  --help           this text

The environment: RELAY_DATABASE (a file, default relay.sqlite, or postgres://…), RELAY_HOST, RELAY_PORT, RELAY_TOKENS,
RELAY_ADMIN_TOKENS, RELAY_SIGNING_SECRETS, RELAY_ENCRYPTION_KEYS, RELAY_ALLOWED_HOSTS, RELAY_REGISTER_ACCOUNTS,
RELAY_RETENTION_DAYS, RELAY_RUNNER_HOST, RELAY_RUNNER_PORT, SCENARIO_SDK_API_KEY, SCENARIO_SDK_API_SECRET,
SCENARIO_PROJECT_ID, SCENARIO_BASE_URL, OTEL_EXPORTER_OTLP_ENDPOINT. docs/relay.md explains them.`

const maxRunners = 9

export const parseFlags = (args: ReadonlyArray<string>): ParsedFlags => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        simulator: { type: "boolean", default: false },
        config: { type: "string" },
        cluster: { type: "string" },
      },
    })
    if (values.help === true) return { kind: "help" }
    const cluster = values.cluster === undefined ? undefined : Number(values.cluster)
    if (cluster !== undefined && !(Number.isInteger(cluster) && cluster >= 1 && cluster <= maxRunners))
      return { kind: "problem", problem: `--cluster needs a number from 1 to ${maxRunners}.` }
    return { kind: "run", flags: { simulator: values.simulator, config: values.config, cluster } }
  } catch (error) {
    return { kind: "problem", problem: error instanceof Error ? error.message : String(error) }
  }
}
