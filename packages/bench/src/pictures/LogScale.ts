/** Maps values to pixels: equal ratios take equal space. */
export class LogScale {
  readonly #from: number
  readonly #to: number
  readonly #start: number
  readonly #end: number

  constructor([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
    this.#from = Math.log(from)
    this.#to = Math.log(to)
    this.#start = start
    this.#end = end
  }

  at(value: number): number {
    const share = (Math.log(value) - this.#from) / (this.#to - this.#from)
    return this.#start + share * (this.#end - this.#start)
  }
}
