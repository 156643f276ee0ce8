/** What is drawn of one view: linear colors, and how near the nearest surface of each pixel is. */
export class Frame {
  readonly width: number
  readonly height: number
  /** Three numbers a pixel. */
  readonly colors: Float32Array
  /** One over the distance; 0 if nothing is there. */
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
