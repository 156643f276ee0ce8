/** The linear colors of one view, and a depth buffer. */
export class Frame {
  readonly width: number
  readonly height: number
  /** Three numbers per pixel. */
  readonly colors: Float32Array
  /** One over the distance of the nearest surface. 0 if there is no surface. */
  readonly nearness: Float32Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.colors = new Float32Array(width * height * 3)
    this.nearness = new Float32Array(width * height)
  }

  clear(): void {
    this.nearness.fill(0)
  }
}
