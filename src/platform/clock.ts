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

/** The timers of a clock, for a loop that keeps the runtime from looking at them in time. */
export interface Timers {
  /** How many milliseconds there are until the next one is due: none below 0, Infinity without any. */
  untilDueMs(monotonicMs: number): number;
  /** Lets those go off that are due. */
  run(monotonicMs: number): void;
}

/** What a clock reads. */
export type TimeSource = Pick<Clock, "nowMs" | "monotonicMs">;

/** The time as the runtime has it. */
const RUNTIME_TIME: TimeSource = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The longest delay that a timer of the runtime can have; a longer one would fire at once. */
const TIMER_MAX_MS = 0x7fffffff;

/** One call of {@link Clock.after} that is to come. */
interface Timer {
  /** On the monotonic clock. */
  readonly dueMs: number;
  readonly id: ReturnType<typeof setTimeout>;
  readonly fn: () => void;
}

export class SystemClock implements Clock, Timers {
  /** What to add to the monotonic clock to get the wall clock, in ms with a fraction. */
  #wallOffsetMs = 0;
  /** There are a handful: those who wait for many moments have a heap of their own. */
  readonly #timers = new Set<Timer>();
  #nextDueMs = Infinity;
  readonly #time: TimeSource;

  constructor(time: TimeSource = RUNTIME_TIME) {
    this.#time = time;
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  /**
   * The wall clock has no more than milliseconds, the monotonic clock has no date. So the date is
   * taken from the one and the fraction from the other; whenever their sum leaves the millisecond
   * that the wall clock shows, the offset between them is set right.
   */
  nowUs(): number {
    const monotonicMs = this.#time.monotonicMs();
    const wallMs = this.#time.nowMs();
    const ahead = monotonicMs + this.#wallOffsetMs - wallMs;
    if (ahead < 0) this.#wallOffsetMs -= ahead;
    else if (ahead >= 1) this.#wallOffsetMs -= ahead - 0.999;
    return Math.floor((monotonicMs + this.#wallOffsetMs) * 1000);
  }

  monotonicMs(): number {
    return this.#time.monotonicMs();
  }

  after(ms: number, fn: () => void): Cancel {
    const delayMs = Math.min(ms, TIMER_MAX_MS);
    const timer: Timer = {
      dueMs: this.#time.monotonicMs() + delayMs,
      id: setTimeout(() => this.#fire(timer), delayMs),
      fn,
    };
    this.#timers.add(timer);
    this.#nextDueMs = Math.min(this.#nextDueMs, timer.dueMs);
    return () => this.#remove(timer);
  }

  untilDueMs(monotonicMs: number): number {
    return Math.max(0, this.#nextDueMs - monotonicMs);
  }

  run(monotonicMs: number): void {
    if (this.#nextDueMs > monotonicMs) return;
    // Those that are added meanwhile have to wait for the next look.
    for (const timer of [...this.#timers]) {
      if (timer.dueMs <= monotonicMs) this.#fire(timer);
    }
  }

  /** Lets a timer go off, unless it was called off meanwhile. */
  #fire(timer: Timer): void {
    if (this.#remove(timer)) timer.fn();
  }

  #remove(timer: Timer): boolean {
    if (!this.#timers.delete(timer)) return false;
    clearTimeout(timer.id);
    if (timer.dueMs === this.#nextDueMs) {
      this.#nextDueMs = Infinity;
      for (const { dueMs } of this.#timers) this.#nextDueMs = Math.min(this.#nextDueMs, dueMs);
    }
    return true;
  }

  sleep(ms: number): void {
    const never = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(never, 0, 0, ms);
  }
}
