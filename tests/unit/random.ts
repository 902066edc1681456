/** Random numbers for tests that can be run again with the same seed. */

export interface Random {
  /** An integer from 0 to limit - 1; `limit` is at most 2^32. */
  below(limit: number): number;
  /** A signed 32-bit integer. */
  int32(): number;
  /** A number from 0 to below 1, with 32 random bits. */
  fraction(): number;
  /** One of the elements. */
  pick<T>(from: ArrayLike<T>): T;
}

/**
 * A generator (splitmix32) that prints its seed, so that a failure can be repeated by giving that
 * seed as argument.
 */
export function newRandom(seed: number = Math.floor(Math.random() * 2 ** 32)): Random {
  console.log(`seed ${seed}`);
  let state = seed | 0;
  function int32(): number {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  }
  function fraction(): number {
    return (int32() >>> 0) / 2 ** 32;
  }
  function below(limit: number): number {
    return Math.floor(fraction() * limit);
  }
  return { below, int32, fraction, pick: (from) => from[below(from.length)] };
}
