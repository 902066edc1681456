/**
 * How long a command's calls took: a histogram whose buckets are 1 ns wide up to 256 ns and then,
 * within each power of two, a 128th of it, so that a percentile is off by less than 1 %.
 *
 *     ns      0 1 2 … 255 | 256 258 … 510 | 512 516 … 1020 | … up to 2^30
 *     bucket  0 1 2 … 255 | 256 257 … 383 | 384 385 …  511 | …
 *
 * The buckets and the bounds of {@link LatencyHistogram.cumulative} are those of the HdrHistogram with
 * two significant digits that Redis keeps, so that what is shown is comparable.
 */

const STEP_BITS = 7;
const STEPS = 1 << STEP_BITS;
const MAX_BITS = 30;
const MAX_NS = 1e9;
const BUCKETS = (MAX_BITS - STEP_BITS + 1) * STEPS;
/** The lowest bound of the cumulative counts. */
const FIRST_BOUND_NS = 1024;

export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** Number of calls recorded. */
  get total(): number {
    return this.#total;
  }

  /** Records `calls` calls of `usec` µs each; what took longer than a second counts as one. */
  add(usec: number, calls: number): void {
    this.#counts[bucketOf(usec * 1000)] += calls;
    this.#total += calls;
  }

  /** The duration in µs that `percent` per cent of the calls did not exceed. */
  percentileUs(percent: number): number {
    const wanted = Math.max(1, Math.ceil(this.#total * percent / 100));
    let seen = 0;
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.#counts[i];
      if (seen >= wanted) return highestNs(i) / 1000;
    }
    return MAX_NS / 1000;
  }

  /**
   * Cumulative counts as LATENCY HISTOGRAM shows them: for each bound, 1.024 µs and its doublings, the
   * calls that took no longer than the bound's own bucket; bounds that add none are left out.
   */
  cumulative(): { usec: number; count: number }[] {
    const rows: { usec: number; count: number }[] = [];
    let next = 0;
    let seen = 0;
    for (let boundNs = FIRST_BOUND_NS; seen < this.#total; boundNs *= 2) {
      const before = seen;
      const last = Math.min(BUCKETS - 1, bucketIndex(boundNs));
      while (next <= last) seen += this.#counts[next++];
      if (seen > before) rows.push({ usec: Math.floor(highestNs(last) / 1000), count: seen });
    }
    return rows;
  }
}

function bucketOf(ns: number): number {
  return bucketIndex(ns < 0 ? 0 : ns > MAX_NS ? MAX_NS : ns | 0);
}

/** @param ns An integer. */
function bucketIndex(ns: number): number {
  if (ns < STEPS) return ns;
  const shift = 31 - Math.clz32(ns) - STEP_BITS;
  return (shift + 1) * STEPS + ((ns >>> shift) - STEPS);
}

/** The longest duration that falls into a bucket. */
function highestNs(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const shift = (bucket >>> STEP_BITS) - 1;
  return ((bucket & (STEPS - 1)) + STEPS + 1) * 2 ** shift - 1;
}
