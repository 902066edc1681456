/**
 * The clock in each entry's header: when it was used last (LRU), or how often of late (LFU),
 * depending on `maxmemory-policy`. See clock_fields.ts for the arithmetic.
 */
import {
  lfuClock,
  lfuCounter,
  lfuInitial,
  lfuMinutes,
  lfuTouched,
  lruClock,
  lruClockBefore,
  lruIdleSeconds,
} from "./clock_fields.ts";

/** The settings that clocks depend on. */
export interface ClockSettings {
  readonly maxmemoryPolicy: string;
  readonly lfuLogFactor: number;
  readonly lfuDecayTime: number;
}

/** Above every LFU counter: the rarer, the sooner evicted. */
const COUNTER_LIMIT = 255;

export class Clocks {
  readonly #settings: ClockSettings;
  readonly #random32: () => number;
  #isLfu = false;
  #now = 0;

  constructor(settings: ClockSettings, random32: () => number) {
    this.#settings = settings;
    this.#random32 = random32;
  }

  /** Whether the policy counts uses, instead of noting the time of the last. */
  get isLfu(): boolean {
    return this.#isLfu;
  }

  /** Sets the time, and follows the policy; once a turn. */
  tick(nowMs: number): void {
    this.#isLfu = this.#settings.maxmemoryPolicy.endsWith("-lfu");
    this.#now = this.#isLfu ? lfuMinutes(nowMs) : lruClock(nowMs);
  }

  /** The clock of a new entry. */
  initial(): number {
    return this.#isLfu ? lfuInitial(this.#now) : this.#now;
  }

  /** The clock of an entry after a use. */
  touched(clock: number): number {
    if (!this.#isLfu) return this.#now;
    const { lfuDecayTime, lfuLogFactor } = this.#settings;
    return lfuTouched(clock, this.#now, this.#random32(), lfuLogFactor, lfuDecayTime);
  }

  /** The clock of an entry that has such a counter of uses (LFU), or that it would have if it were new. */
  ofFrequency(counter: number): number {
    return this.#isLfu ? lfuClock(this.#now, counter) : this.initial();
  }

  /** The clock of an entry that was used so many seconds ago (LRU), or that it would have if it were new. */
  ofIdle(seconds: number): number {
    return this.#isLfu ? this.initial() : lruClockBefore(this.#now, seconds);
  }

  /** LFU: the logarithmic counter of uses, 0 to 255. */
  frequency(clock: number): number {
    return lfuCounter(clock, this.#now, this.#settings.lfuDecayTime);
  }

  /** LRU: for how long the entry has not been used, in seconds. */
  idleSeconds(clock: number): number {
    return lruIdleSeconds(clock, this.#now);
  }

  /** The higher, the better the entry can be spared. */
  evictionScore(clock: number): number {
    return this.#isLfu ? COUNTER_LIMIT - this.frequency(clock) : this.idleSeconds(clock);
  }
}
