/** Seeded randomness for tests: the same seed gives the same run, on every machine. */

export class Random {
  #state: number;

  /** @param seed Any integer; its low 32 bits count. */
  constructor(readonly seed: number) {
    this.#state = seed | 0;
  }

  /** An integer from 0 to 2^32 - 1 (the "mulberry32" generator). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** An integer from 0 to `bound - 1`, `bound` at most 2^32. */
  below(bound: number): number {
    return Math.floor((this.next() / 0x100000000) * bound);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `n` calls on average. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of `items`, each as likely as any other. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** A seed nobody has chosen, for runs that are to differ; print it. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
