import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** A file server in a child process. */
export interface FileServer extends Disposable {
  readonly origin: string
  /** When the first request since the last call arrived. Epoch milliseconds. */
  firstRequestAt(): Promise<number>
}

/** Without `bytesPerSecond` the speed is unlimited. */
export const startFileServer = async (bytesPerSecond?: number): Promise<FileServer> => {
  const script = fileURLToPath(new URL("./serveFiles.ts", import.meta.url))
  const server = fork(script, bytesPerSecond === undefined ? [] : [String(bytesPerSecond)])
  const port = await receiveNumber(server, "port")
  return {
    origin: `http://127.0.0.1:${port}`,
    firstRequestAt: () => {
      const answer = receiveNumber(server, "firstRequestAt")
      server.send("when?")
      return answer
    },
    [Symbol.dispose]: () => server.disconnect(),
  }
}

const receiveNumber = async (server: ChildProcess, name: string): Promise<number> => {
  const [message]: ReadonlyArray<unknown> = await once(server, "message")
  const value: unknown = Object.entries(message ?? {}).find(([key]) => key === name)?.[1]
  if (typeof value !== "number") throw new Error(`the file server did not send its ${name}`)
  return value
}
