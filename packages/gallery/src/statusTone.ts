/** The looks that a status can have; whatever Scenario may add to its words is `other`. */
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

export const toneOf = (status: string): Tone => tones.get(status) ?? "other"

/** `in-progress` → `in progress`. */
export const statusWords = (status: string): string => status.replaceAll("-", " ")
