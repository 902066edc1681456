/**
 * Scores: the doubles by which the members of a sorted set are ordered.
 *
 * An entry keeps a score as the 8 bytes of its double. Where scores are only compared, two signed
 * words do: of positive doubles the bits, taken as an integer, rise with the value; of negative ones
 * they fall, so all but the sign are turned over. The low word's top bit is turned over, too, for it
 * has no sign. The two zeros are one.
 */
const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);
const doubleBytes = new Uint8Array(double.buffer);

/** Bytes of a score in an entry. */
export const SCORE_BYTES = 8;

/** Two words that compare like a score: first `high`, then `low`, both signed. */
export interface SortKey {
  high: number;
  low: number;
}

/** The score whose bytes begin at `at`, wherever that is. */
export function readScore(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < SCORE_BYTES; i++) doubleBytes[i] = bytes[at + i];
  return double[0];
}

export function writeScore(bytes: Uint8Array, at: number, score: number): void {
  double[0] = score;
  for (let i = 0; i < SCORE_BYTES; i++) bytes[at + i] = doubleBytes[i];
}

/** Sets `key` to what compares like `score`, which must not be NaN. */
export function setSortKey(key: SortKey, score: number): void {
  double[0] = score + 0; // -0 becomes 0
  const low = doubleWords[0];
  const high = doubleWords[1];
  key.high = high < 0 ? high ^ 0x7fffffff : high;
  key.low = (high < 0 ? ~low : low) ^ (1 << 31);
}

/** The score of which {@link setSortKey} makes these words; 0 for both zeros. */
export function scoreOfKey(high: number, low: number): number {
  const bits = low ^ (1 << 31);
  doubleWords[0] = high < 0 ? ~bits : bits;
  doubleWords[1] = high < 0 ? high ^ 0x7fffffff : high;
  return double[0];
}
