/** How a status is shown; one that is not known yet is `other`. */
export type Tone =
  | "waiting"
  | "warming"
  | "working"
  | "finalizing"
  | "success"
  | "failure"
  | "canceled"
  | "other"

const tones: ReadonlyMap<string, Tone> = new Map([
  ["pending", "waiting"],
  ["queued", "waiting"],
  ["warming-up", "warming"],
  ["in-progress", "working"],
  ["finalizing", "finalizing"],
  ["success", "success"],
  ["failure", "failure"],
  ["canceled", "canceled"],
])

export const getTone = (status: string): Tone => tones.get(status) ?? "other"

/** `in-progress` → `in progress`. */
export const formatStatus = (status: string): string => status.replaceAll("-", " ")
