/**
 * How long a command's calls took: a log-linear histogram, each power of two divided into 16 steps,
 * so that a percentile is off by 6 % at most, from 1 ns to 1 s (Redis keeps an HdrHistogram with two
 * significant digits for the same purpose).
 */

const STEP_BITS = 4;
const STEPS = 1 << STEP_BITS;
const MAX_NS = 1e9;
const BUCKETS = (30 - STEP_BITS + 1) * STEPS;

export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** Number of calls recorded. */
  get total(): number {
    return this.#total;
  }

  /** Records `calls` calls of `usec` µs each. */
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
      if (seen >= wanted) return upperBoundNs(i) / 1000;
    }
    return MAX_NS / 1000;
  }

  /**
   * Cumulative counts as LATENCY HISTOGRAM shows them: for each bound (1.024 µs and its doublings)
   * up to the first that covers all calls, the calls not above it; bounds that add none are left out.
   */
  cumulative(): { usec: number; count: number }[] {
    const rows: { usec: number; count: number }[] = [];
    let i = 0;
    let seen = 0;
    for (let boundNs = 1024; seen < this.#total; boundNs *= 2) {
      const before = seen;
      while (i < BUCKETS && lowerBoundNs(i) < boundNs) seen += this.#counts[i++];
      if (seen > before) rows.push({ usec: Math.floor(boundNs / 1000), count: seen });
    }
    return rows;
  }
}

function bucketOf(ns: number): number {
  const value = ns < 0 ? 0 : ns >= MAX_NS ? MAX_NS : ns | 0;
  if (value < STEPS) return value;
  const exponent = 31 - Math.clz32(value) - STEP_BITS;
  return (exponent + 1) * STEPS + ((value >>> exponent) - STEPS);
}

function lowerBoundNs(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const exponent = (bucket >>> STEP_BITS) - 1;
  return ((bucket & (STEPS - 1)) + STEPS) * 2 ** exponent;
}

function upperBoundNs(bucket: number): number {
  return lowerBoundNs(bucket + 1) - 1;
}
