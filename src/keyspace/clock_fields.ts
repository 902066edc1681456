/**
 * The 24 bits in which every entry notes its use, as Redis has them: `maxmemory-policy` says which of
 * two meanings they have.
 *
 *     LRU   23                                     0
 *           seconds of the last use, modulo 2^24         about 194 days, then the clock wraps
 *
 *     LFU   23                     8 7             0
 *           minutes of the last      logarithmic
 *           decay, modulo 2^16       counter
 *
 * The counter stands for about a million uses in 8 bits: the higher it is, the less likely a use is to
 * increment it. When it has not been used for a while it decays. The functions are pure: time and
 * randomness are given to them.
 */

const CLOCK_MASK = 0xffffff;
const MINUTES_MASK = 0xffff;
const COUNTER_MAX = 255;
/** A new key's counter, so that it is not the first to be evicted. */
const COUNTER_INITIAL = 5;

/** The LRU clock of a wall clock time in ms. */
export function lruClock(nowMs: number): number {
  return Math.floor(nowMs / 1000) & CLOCK_MASK;
}

/** How many seconds before `now`, an LRU clock, the entry was used. */
export function lruIdleSeconds(clock: number, now: number): number {
  // A clock that has wrapped loses one second, as it does in Redis.
  return now >= clock ? now - clock : now + CLOCK_MASK - clock;
}

/** The LRU clock of a moment so many seconds before `now`, an LRU clock; for less than a full round of it. */
export function lruClockBefore(now: number, seconds: number): number {
  return (now - Math.min(seconds, CLOCK_MASK)) & CLOCK_MASK;
}

/** The minutes, modulo 2^16, of a wall clock time in ms. */
export function lfuMinutes(nowMs: number): number {
  return Math.floor(nowMs / 60_000) & MINUTES_MASK;
}

/** The clock of an entry with a counter of uses, 0 to 255. */
export function lfuClock(minutes: number, counter: number): number {
  return minutes << 8 | counter;
}

/** The clock of an entry that is new. */
export function lfuInitial(minutes: number): number {
  return lfuClock(minutes, COUNTER_INITIAL);
}

/** The counter, 0 to 255, of a clock: one less for every `lfu-decay-time` minutes; 0 means no decay. */
export function lfuCounter(clock: number, minutes: number, decayMinutes: number): number {
  const counter = clock & 0xff;
  if (decayMinutes === 0) return counter;
  const then = clock >>> 8;
  const elapsed = minutes >= then ? minutes - then : minutes + MINUTES_MASK - then;
  const decay = (elapsed / decayMinutes) | 0;
  return decay < counter ? counter - decay : 0;
}

/**
 * The clock of an entry after one more use.
 *
 * @param random 32 random bits.
 * @param logFactor `lfu-log-factor`: the higher, the more uses an increment takes.
 */
export function lfuTouched(
  clock: number,
  minutes: number,
  random: number,
  logFactor: number,
  decayMinutes: number,
): number {
  const counter = lfuCounter(clock, minutes, decayMinutes);
  return minutes << 8 | lfuIncremented(counter, random, logFactor);
}

/** One of (counter - initial) * factor + 1 uses increments the counter. */
function lfuIncremented(counter: number, random: number, logFactor: number): number {
  if (counter === COUNTER_MAX) return counter;
  const above = counter > COUNTER_INITIAL ? counter - COUNTER_INITIAL : 0;
  const chance = 2 ** 32 / (above * logFactor + 1);
  return (random >>> 0) < chance ? counter + 1 : counter;
}
