import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** The file server, seen from the process that started it. */
export interface FileServer extends Disposable {
  readonly origin: string
  /** When the first request came since this was last asked. Epoch milliseconds. */
  firstRequestAt(): Promise<number>
}

/** None: as fast as the machine is. */
export const startFileServer = async (bytesPerSecond?: number): Promise<FileServer> => {
  const script = fileURLToPath(new URL("./serveFiles.ts", import.meta.url))
  const server = fork(script, bytesPerSecond === undefined ? [] : [String(bytesPerSecond)])
  const port = await numberFrom(server, "port")
  return {
    origin: `http://127.0.0.1:${port}`,
    firstRequestAt: () => {
      const answer = numberFrom(server, "firstRequestAt")
      server.send("when?")
      return answer
    },
    [Symbol.dispose]: () => server.disconnect(),
  }
}

const numberFrom = async (server: ChildProcess, name: string): Promise<number> => {
  const [message]: ReadonlyArray<unknown> = await once(server, "message")
  const value: unknown = Object.entries(message ?? {}).find(([key]) => key === name)?.[1]
  if (typeof value !== "number") throw new Error(`the file server did not say its ${name}`)
  return value
}
