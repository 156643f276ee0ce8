/** Scenario's clock, continued by the monotonic clock, so that setting this machine's clock doesn't change it. */
export class ServerClock {
  #ahead: number | undefined

  /**
   * The Date header counts whole seconds. A local time within that second is just as right, and more precise. Otherwise
   * the header counts. It is early rather than late, so that no job seems older than its submit.
   */
  set(serverTime: number, now: number, monotonicNow: number): void {
    const isSameSecond = now >= serverTime && now < serverTime + 1_000
    const ahead = (isSameSecond ? now : serverTime) - monotonicNow
    const isSameClock = this.#ahead !== undefined && Math.abs(ahead - this.#ahead) < 2_000
    this.#ahead = isSameClock ? Math.max(ahead, this.#ahead ?? ahead) : ahead
  }

  getTime(monotonicNow: number): number | undefined {
    return this.#ahead === undefined ? undefined : monotonicNow + this.#ahead
  }
}
