let hasLostOutput = false

/**
 * A reader that went away (`| head -1`) or a terminal that was closed must not end the process in the middle of a paid job:
 * what is written afterwards is dropped.
 */
export const ignoreClosedStreams = (): void => {
  process.stderr.on("error", () => {})
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE" && code !== "EIO" && code !== "ERR_STREAM_DESTROYED") hasLostOutput = true
  })
}

/** Whether results could not be written for another reason, such as a full disk. */
export const isOutputLost = (): boolean => hasLostOutput
