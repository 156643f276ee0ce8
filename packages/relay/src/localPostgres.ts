import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"

const run = promisify(execFile)

export interface LocalPostgres extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Stops the server hard, as a crash does, and starts it again. */
  readonly crash: () => Promise<void>
  readonly restart: () => Promise<void>
}

/** Why the machine can't run PostgreSQL, as a sentence; `undefined` if it can. */
export const findPostgresProblem = async (): Promise<string | undefined> =>
  (await findPrograms()) === undefined ? missing : undefined

const missing =
  "PostgreSQL isn't installed, and Debian's package can't be fetched. Install postgresql, or set RELAY_DATABASE to a server."

/** A PostgreSQL server for a try or a test, with a new, empty database. A sentence if the machine can't have one. */
export const startLocalPostgres = async (): Promise<LocalPostgres | string> => {
  const programs = await findPrograms()
  if (programs === undefined) return missing
  const folder = mkdtempSync(join(tmpdir(), "relay-postgres-"))
  const data = join(folder, "data")
  mkdirSync(data, { mode: 0o700 })
  const identity = chooseUser()
  if (identity !== undefined) for (const one of [folder, data]) chownSync(one, identity.uid, identity.gid)
  await run(join(programs, "initdb"), ["-D", data, "-U", "relay", "--auth=trust", "--no-sync"], {
    ...identity,
    cwd: folder,
  })
  const port = await findPort()

  const startServer = async () => {
    const server = spawn(
      join(programs, "postgres"),
      ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-c", "max_connections=100"],
      { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
    )
    await new Promise<void>((resolve, reject) => {
      let log = ""
      server.stderr.on("data", (chunk: Buffer) => {
        log += chunk.toString("utf8")
        if (log.includes("ready to accept connections")) resolve()
      })
      server.once("exit", () => reject(new Error(`PostgreSQL ended: ${log.slice(-500)}`)))
    })
    return server
  }

  let server = await startServer()
  const crash = async () => {
    const ended = once(server, "exit")
    server.kill("SIGQUIT")
    await ended
  }
  return {
    url: `postgres://relay@127.0.0.1:${port}/postgres`,
    port,
    crash,
    restart: async () => {
      server = await startServer()
    },
    [Symbol.asyncDispose]: async () => {
      if (server.exitCode === null) await crash()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The folder of `initdb` and `postgres`: the machine's, or that of Debian's package in the cache folder. */
const findPrograms = async (): Promise<string | undefined> => {
  const cache = join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "scenario-automation",
    "postgres",
  )
  const find = () => ["/usr/lib/postgresql", join(cache, "usr/lib/postgresql")].flatMap(listVersions)[0]
  return find() ?? ((await fetchPackage(cache)) ? find() : undefined)
}

const listVersions = (folder: string): ReadonlyArray<string> =>
  existsSync(folder)
    ? readdirSync(folder)
        .map((version) => join(folder, version, "bin"))
        .filter((bin) => existsSync(join(bin, "initdb")))
    : []

const fetchPackage = async (cache: string): Promise<boolean> => {
  try {
    mkdirSync(cache, { recursive: true })
    const { stdout } = await run("apt-cache", ["depends", "--important", "postgresql"])
    const [, name] = /(postgresql-\d+)/.exec(stdout) ?? []
    if (name === undefined) return false
    await run("apt-get", ["download", name, "libpq5"], { cwd: cache })
    for (const file of readdirSync(cache).filter((one) => one.endsWith(".deb")))
      await run("dpkg", ["-x", join(cache, file), cache])
    return true
  } catch {
    return false
  }
}

/** PostgreSQL refuses to run as root. */
const chooseUser = (): { readonly uid: number; readonly gid: number } | undefined =>
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

const findPort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : 5_433
}
