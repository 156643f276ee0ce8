/** Pixels, from the upper left corner. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A dot and its label. */
export interface Labelled {
  readonly x: number
  readonly y: number
  readonly text: string
}

export interface PlacedLabel extends Labelled {
  readonly box: Box
  /** True if the label needs a line to its dot. */
  readonly isFar: boolean
}

export const fontSize = 12
const lineHeight = 15
const dotRadius = 5

/** A generous estimate for common fonts. */
const estimateWidth = (text: string): number => text.length * fontSize * 0.56

export const isOverlapping = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom

const distances = [10, 20, 34, 50, 68, 90]
type Direction = readonly [toRight: number, toBottom: number]

/** To the right, to the left, above, below, and between these. */
const directions: ReadonlyArray<Direction> = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [0.7, -0.7],
  [0.7, 0.7],
  [-0.7, -0.7],
  [-0.7, 0.7],
  [0.9, -0.4],
  [0.9, 0.4],
  [-0.9, -0.4],
  [-0.9, 0.4],
  [0.4, -0.9],
  [0.4, 0.9],
  [-0.4, -0.9],
  [-0.4, 0.9],
]

/**
 * Places each label as close to its dot as possible, without covering another label, a dot, or a taken box. If there is no
 * room, it may cover taken boxes, and finally anything.
 */
export const placeLabels = (
  dots: ReadonlyArray<Labelled>,
  within: Box,
  taken: ReadonlyArray<Box> = [],
): ReadonlyArray<PlacedLabel> => {
  const written = dots.map(toDotBox)
  return dots.map((dot) => {
    const place = findFreeBox(dot, within, [...taken, ...written]) ??
      findFreeBox(dot, within, written) ??
      findFreeBox(dot, within, []) ?? { box: toLabelBox(dot, [1, 0], 10), isFar: false }
    written.push(place.box)
    return { ...dot, ...place }
  })
}

const findFreeBox = (
  dot: Labelled,
  within: Box,
  obstacles: ReadonlyArray<Box>,
): Pick<PlacedLabel, "box" | "isFar"> | undefined => {
  for (const distance of distances) {
    for (const direction of directions) {
      const box = moveInside(toLabelBox(dot, direction, distance), within)
      const isFree = isInside(box, within) && !obstacles.some((obstacle) => isOverlapping(box, obstacle))
      if (isFree) return { box, isFar: distance > 20 }
    }
  }
  return undefined
}

const toDotBox = ({ x, y }: Labelled): Box => ({
  left: x - dotRadius,
  top: y - dotRadius,
  right: x + dotRadius,
  bottom: y + dotRadius,
})

/** The label's box, with its nearest edge at `distance` from the dot. */
const toLabelBox = ({ x, y, text }: Labelled, [toRight, toBottom]: Direction, distance: number): Box => {
  const width = estimateWidth(text)
  const middle = x + toRight * distance
  const left = toRight > 0 ? middle : toRight < 0 ? middle - width : x - width / 2
  const center = y + toBottom * distance + Math.sign(toBottom) * (lineHeight / 2 - 3)
  return { left, top: center - lineHeight / 2, right: left + width, bottom: center + lineHeight / 2 }
}

/** Shifts a label sideways to keep it inside. */
const moveInside = (box: Box, within: Box): Box => {
  const by = Math.max(0, within.left - box.left) - Math.max(0, box.right - within.right)
  return { ...box, left: box.left + by, right: box.right + by }
}

const isInside = (box: Box, within: Box): boolean =>
  box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom
