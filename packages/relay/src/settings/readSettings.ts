import { Duration, Redacted, Result, Schema } from "effect"
import { hashToken, isTokenHash } from "../secrets/tokens.ts"
import { defaults } from "./defaults.ts"
import type {
  ClientSettings,
  ConfiguredAccount,
  DatabaseSettings,
  RelaySettingsShape,
} from "./RelaySettings.ts"
import { type SecretReference, SettingsFile } from "./SettingsFile.ts"

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The relay's settings from the environment and the text of a configuration file, or everything that is wrong with them, in
 * sentences. No sentence holds a secret.
 */
export const readSettings = (
  environment: Environment,
  fileText?: string,
): Result.Result<RelaySettingsShape, ReadonlyArray<string>> => {
  const reader = new Reader(environment)
  const file = fileText === undefined ? {} : reader.readFile(fileText)
  const settings: RelaySettingsShape = {
    host: reader.get("RELAY_HOST") ?? defaults.host,
    port: reader.readPort("RELAY_PORT", defaults.port),
    database: reader.readDatabase(),
    scenarioBaseUrl: reader.readUrl("SCENARIO_BASE_URL"),
    encryptionKeys: reader.readEncryptionKeys(),
    signingSecrets: reader.list("RELAY_SIGNING_SECRETS").map((secret) => reader.checkSigningSecret(secret)),
    clients: [
      ...reader.readDefaultClient(),
      ...(file.clients ?? []).map((client) => reader.readClient(client)),
    ],
    accounts: [
      ...reader.readDefaultAccount(),
      ...(file.accounts ?? []).map((account) => reader.readAccount(account)),
    ],
    adminTokenHashes: reader
      .list("RELAY_ADMIN_TOKENS")
      .map((token) => reader.readToken("RELAY_ADMIN_TOKENS", token)),
    allowedHosts: reader.list("RELAY_ALLOWED_HOSTS"),
    defaultWaitDuration: defaults.defaultWaitDuration,
    maxWaitDuration: defaults.maxWaitDuration,
    retryDelays: defaults.retryDelays,
    attemptTimeout: defaults.attemptTimeout,
    retention: reader.readDays("RELAY_RETENTION_DAYS", defaults.retention),
    accountRetention: defaults.accountRetention,
    maxBodyBytes: defaults.maxBodyBytes,
  }
  reader.checkWhole(settings)
  return reader.problems.length === 0 ? Result.succeed(settings) : Result.fail(reader.problems)
}

/** Standard Webhooks asks for 24 to 64 bytes. */
const minSecretBytes = 24
const minTokenLength = 16

type FileClient = NonNullable<SettingsFile["clients"]>[number]
type FileAccount = NonNullable<SettingsFile["accounts"]>[number]

class Reader {
  readonly problems: Array<string> = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** An empty variable counts as absent. */
  get(name: string): string | undefined {
    const value = this.#environment[name]?.trim()
    return value === "" ? undefined : value
  }

  /** Values that are separated by blanks or commas. */
  list(name: string): ReadonlyArray<string> {
    return (this.get(name) ?? "").split(/[\s,]+/).filter((value) => value !== "")
  }

  readPort(name: string, otherwise: number): number {
    const text = this.get(name)
    if (text === undefined) return otherwise
    const port = Number(text)
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
    this.problems.push(`${name} isn't a port number.`)
    return otherwise
  }

  readDays(name: string, otherwise: Duration.Duration): Duration.Duration {
    const text = this.get(name)
    if (text === undefined) return otherwise
    if (Number(text) > 0) return Duration.days(Number(text))
    this.problems.push(`${name} isn't a number of days.`)
    return otherwise
  }

  readUrl(name: string): string | undefined {
    const text = this.get(name)
    if (text !== undefined && !/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
      this.problems.push(`${name} isn't an http(s) URL.`)
    return text
  }

  readDatabase(): DatabaseSettings {
    const name = this.get("RELAY_DATABASE") ?? "relay.sqlite"
    if (!/^postgres(?:ql)?:\/\//.test(name)) return { _tag: "Sqlite", file: name }
    const host = this.get("RELAY_RUNNER_HOST") ?? defaults.host
    return {
      _tag: "Postgres",
      url: Redacted.make(name),
      runner: { host, port: this.readPort("RELAY_RUNNER_PORT", defaults.runnerPort) },
    }
  }

  readEncryptionKeys(): readonly [Uint8Array, ...ReadonlyArray<Uint8Array>] {
    const keys = this.list("RELAY_ENCRYPTION_KEYS").map((text) => Buffer.from(text, "base64"))
    const [first, ...others] = keys
    if (first === undefined || keys.some(({ length }) => length !== 32)) {
      this.problems.push(
        "RELAY_ENCRYPTION_KEYS doesn't hold keys of 32 bytes in base64. Make one with: openssl rand -base64 32",
      )
      return [new Uint8Array(32)]
    }
    return [first, ...others]
  }

  checkSigningSecret(secret: string): string {
    const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64").length
    if (!secret.startsWith("whsec_") || bytes < minSecretBytes) {
      this.problems.push(
        `A signing secret isn't whsec_ and at least ${minSecretBytes} bytes in base64. Make one with: echo whsec_$(openssl rand -base64 32)`,
      )
    }
    return secret
  }

  readToken(name: string, token: string): string {
    if (isTokenHash(token)) return token
    if (token.length < minTokenLength)
      this.problems.push(`${name} has a token of fewer than ${minTokenLength} characters.`)
    return hashToken(token)
  }

  /** The client that RELAY_TOKENS describes: it may use every configured account. */
  readDefaultClient(): ReadonlyArray<ClientSettings> {
    const tokens = this.list("RELAY_TOKENS")
    if (tokens.length === 0) return []
    return [
      {
        id: "default",
        tokenHashes: tokens.map((token) => this.readToken("RELAY_TOKENS", token)),
        accounts: ["*"],
        canRegisterAccounts: this.get("RELAY_REGISTER_ACCOUNTS") === "true",
        maxPendingWaits: defaults.maxPendingWaits,
        maxRequestsPerMinute: defaults.maxRequestsPerMinute,
      },
    ]
  }

  /** The account that the variables of the command line describe. */
  readDefaultAccount(): ReadonlyArray<ConfiguredAccount> {
    const apiKey = this.get("SCENARIO_SDK_API_KEY")
    const apiSecret = this.get("SCENARIO_SDK_API_SECRET")
    if (apiKey === undefined || apiSecret === undefined) return []
    const projectId = this.get("SCENARIO_PROJECT_ID")
    return [{ id: "default", apiKey: Redacted.make(apiKey), apiSecret: Redacted.make(apiSecret), projectId }]
  }

  readFile(text: string): SettingsFile {
    try {
      return Schema.decodeUnknownSync(SettingsFile)(JSON.parse(text), { onExcessProperty: "error" })
    } catch (error) {
      const reason = error instanceof SyntaxError ? "it isn't JSON" : describeMismatch(error)
      this.problems.push(`The configuration file can't be read: ${reason}.`)
      return {}
    }
  }

  readSecret(reference: SecretReference): string {
    if (typeof reference === "string") return reference
    const value = this.get(reference.env)
    if (value === undefined)
      this.problems.push(`The configuration file names ${reference.env}, which isn't set.`)
    return value ?? ""
  }

  readAccount({ apiKey, apiSecret, ...account }: FileAccount): ConfiguredAccount {
    return {
      ...account,
      apiKey: Redacted.make(this.readSecret(apiKey)),
      apiSecret: Redacted.make(this.readSecret(apiSecret)),
    }
  }

  readClient({ id, tokens, ...client }: FileClient): ClientSettings {
    return {
      id,
      tokenHashes: tokens.map((token) => this.readToken(`The client ${id}`, this.readSecret(token))),
      accounts: client.accounts ?? [],
      canRegisterAccounts: client.canRegisterAccounts ?? false,
      signingSecrets: client.signingSecrets?.map((secret) =>
        this.checkSigningSecret(this.readSecret(secret)),
      ),
      maxPendingWaits: client.maxPendingWaits ?? defaults.maxPendingWaits,
      maxRequestsPerMinute: client.maxRequestsPerMinute ?? defaults.maxRequestsPerMinute,
    }
  }

  /** What no field shows by itself. */
  checkWhole({ clients, accounts, signingSecrets }: RelaySettingsShape): void {
    if (clients.length === 0)
      this.problems.push(
        "No client may call the relay. Set RELAY_TOKENS, or name clients in the configuration file.",
      )
    if (signingSecrets.length === 0 && clients.some((client) => client.signingSecrets === undefined))
      this.problems.push("RELAY_SIGNING_SECRETS is empty, and callbacks must be signed.")
    if (accounts.length === 0 && !clients.some(({ canRegisterAccounts }) => canRegisterAccounts)) {
      this.problems.push(
        "There is no account, and no client may register one. Set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET.",
      )
    }
    for (const [what, ids] of [
      ["clients", clients.map(({ id }) => id)],
      ["accounts", accounts.map(({ id }) => id)],
    ] as const) {
      if (new Set(ids).size < ids.length) this.problems.push(`Two ${what} have the same ID.`)
    }
  }
}

/** The path of what doesn't fit; the value may be a secret. */
const describeMismatch = (error: unknown): string => {
  const [, path] = /at (\[.*\])/.exec(error instanceof Error ? error.message : "") ?? []
  return path === undefined
    ? "it doesn't have the fields that docs/relay.md describes"
    : `${path} doesn't fit`
}
