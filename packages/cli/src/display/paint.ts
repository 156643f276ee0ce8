/** Colors text for a terminal, or leaves it plain. */
export interface Paint {
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly busy: (text: string) => string
  readonly waiting: (text: string) => string
}

const sgr = (begin: number, end: number) => (text: string) =>
  text === "" ? "" : `\u001B[${begin}m${text}\u001B[${end}m`

export const colors: Paint = {
  strong: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  busy: sgr(36, 39),
  waiting: sgr(33, 39),
}

const same = (text: string): string => text

export const noColors: Paint = {
  strong: same,
  dim: same,
  good: same,
  bad: same,
  busy: same,
  waiting: same,
}

export type Environment = Readonly<Record<string, string | undefined>>

/** https://no-color.org: any value except an empty one turns colors off. */
export const getPaint = (environment: Environment): Paint =>
  (environment["NO_COLOR"] ?? "") === "" ? colors : noColors
