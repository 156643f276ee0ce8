let hasLostOutput = false

/**
 * Drops output that nothing reads any more, after `| head -1` or when the terminal is closed. Without this, the process would end
 * in the middle of a paid job.
 */
export const ignoreClosedStreams = (): void => {
  process.stderr.on("error", () => {})
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE" && code !== "EIO" && code !== "ERR_STREAM_DESTROYED") hasLostOutput = true
  })
}

/** Whether results couldn't be written for another reason, such as a full disk. */
export const isOutputLost = (): boolean => hasLostOutput
