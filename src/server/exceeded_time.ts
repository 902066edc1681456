/** For how long memory has been above `maxmemory`, for INFO stats. */
export class ExceededTime {
  /** Since when, wall clock in ms; 0 when it is not. */
  #sinceMs = 0;
  #pastMs = 0;

  /** Says how things stand; to be called again and again. */
  note(isExceeded: boolean, nowMs: number): void {
    if (isExceeded === this.#sinceMs > 0) return;
    if (isExceeded) {
      this.#sinceMs = nowMs;
      return;
    }
    this.#pastMs += nowMs - this.#sinceMs;
    this.#sinceMs = 0;
  }

  /** The time that goes on now, ms; 0 when none does. */
  currentMs(nowMs: number): number {
    return this.#sinceMs === 0 ? 0 : nowMs - this.#sinceMs;
  }

  /** All such times together, ms. */
  totalMs(nowMs: number): number {
    return this.#pastMs + this.currentMs(nowMs);
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.#sinceMs = 0;
    this.#pastMs = 0;
  }
}
