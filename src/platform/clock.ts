/** Time: the wall clock, a clock that never steps back, and timers. */

/** Calls a timer off; harmless when it has fired or was called off before. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970, an integer. May step in either direction when the host's time is set. */
  nowMs(): number;
  /** Microseconds since 1970, an integer; for a little more time than {@link Clock.nowMs}. */
  nowUs(): number;
  /** Milliseconds since some moment, with a fraction; never steps back. For measuring spans. */
  monotonicMs(): number;
  /** Calls `fn` once, `ms` milliseconds from now or later, never before this call has returned. */
  after(ms: number, fn: () => void): Cancel;
  /** Does nothing for `ms` milliseconds, and lets nobody else do anything. */
  sleep(ms: number): void;
}

/** The longest delay that a timer of the runtime can have; a longer one would fire at once. */
const TIMER_MAX_MS = 0x7fffffff;

export class SystemClock implements Clock {
  /** What to add to the monotonic clock to get the wall clock, in ms with a fraction. */
  #wallOffsetMs = 0;

  nowMs(): number {
    return Date.now();
  }

  /**
   * The wall clock has no more than milliseconds, the monotonic clock has no date. So the date is
   * taken from the one and the fraction from the other; whenever their sum leaves the millisecond
   * that the wall clock shows, the offset between them is set right.
   */
  nowUs(): number {
    const monotonicMs = performance.now();
    const wallMs = Date.now();
    const ahead = monotonicMs + this.#wallOffsetMs - wallMs;
    if (ahead < 0) this.#wallOffsetMs -= ahead;
    else if (ahead >= 1) this.#wallOffsetMs -= ahead - 0.999;
    return Math.floor((monotonicMs + this.#wallOffsetMs) * 1000);
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(ms: number, fn: () => void): Cancel {
    const timer = setTimeout(fn, Math.min(ms, TIMER_MAX_MS));
    return () => clearTimeout(timer);
  }

  sleep(ms: number): void {
    const never = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(never, 0, 0, ms);
  }
}
