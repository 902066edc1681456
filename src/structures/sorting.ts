/**
 * Sorting numbers that stand for something else, by a comparison of what they stand for. The two sorts
 * leave equal ones in the very order in which Redis (with the GNU C library) leaves them.
 */

/** Negative when the first comes before the second, positive when behind it, 0 when either may. */
export type Compare = (a: number, b: number) => number;

/** Runs of so many are sorted by insertion. */
const SHORT_RUN = 8;

/**
 * Sorts `order[start, end)`, with equals in the order in which they were: a merge sort.
 *
 * @param scratch As long as `order`, at least; its contents there are lost.
 */
export function stableSort(
  order: Int32Array,
  start: number,
  end: number,
  compare: Compare,
  scratch: Int32Array,
): void {
  for (let at = start; at < end; at += SHORT_RUN) {
    insertionSort(order, at, Math.min(SHORT_RUN, end - at), compare);
  }
  let from = order;
  let to = scratch;
  for (let width = SHORT_RUN; width < end - start; width *= 2) {
    for (let at = start; at < end; at += 2 * width) {
      const middle = Math.min(at + width, end);
      merge(from, at, middle, Math.min(middle + width, end), to, compare);
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from.subarray(start, end), start);
}

/** Merges two sorted runs, `from[start, middle)` and `from[middle, end)`, into the same place of `to`. */
function merge(
  from: Int32Array,
  start: number,
  middle: number,
  end: number,
  to: Int32Array,
  compare: Compare,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = right === end ||
      (left < middle && compare(from[left], from[right]) <= 0);
    to[at] = takesLeft ? from[left++] : from[right++];
  }
}

function insertionSort(order: Int32Array, start: number, count: number, compare: Compare): void {
  for (let i = start + 1; i < start + count; i++) {
    const moved = order[i];
    let at = i;
    for (; at > start && compare(order[at - 1], moved) > 0; at--) order[at] = order[at - 1];
    order[at] = moved;
  }
}

/**
 * Sorts `order[start, end)` as far as needed for the places from `first` to `last`, both included, to
 * have what belongs there; what stands elsewhere is only on the right side of them.
 *
 * This is the quicksort of J. L. Bentley and M. D. McIlroy ("Engineering a sort function", 1993), which
 * gathers equals at both ends and then brings them into the middle, applied to those parts alone that
 * the places reach into. It decides how equals end up, which clients of SORT with LIMIT see.
 */
export function partialSort(
  order: Int32Array,
  start: number,
  end: number,
  compare: Compare,
  first: number,
  last: number,
): void {
  sortPart(order, start, end - start, compare, first, last);
}

function sortPart(
  order: Int32Array,
  start: number,
  count: number,
  compare: Compare,
  first: number,
  last: number,
): void {
  for (;;) {
    if (count < 7) return insertionSort(order, start, count, compare);
    const end = start + count;
    swap(order, start, pivotOf(order, start, count, compare));

    // equals | less | (to be seen) | greater | equals
    let lessStart = start + 1;
    let low = start + 1;
    let high = end - 1;
    let greaterEnd = end - 1;
    for (;;) {
      for (; low <= high; low++) {
        const difference = compare(order[low], order[start]);
        if (difference > 0) break;
        if (difference === 0) swap(order, lessStart++, low);
      }
      for (; low <= high; high--) {
        const difference = compare(order[high], order[start]);
        if (difference < 0) break;
        if (difference === 0) swap(order, high, greaterEnd--);
      }
      if (low > high) break;
      swap(order, low++, high--);
    }

    const less = low - lessStart;
    const greater = greaterEnd - high;
    swapRuns(order, start, low, Math.min(lessStart - start, less));
    swapRuns(order, low, end, Math.min(greater, end - 1 - greaterEnd));
    if (less > 1 && first < start + less && last >= start) {
      sortPart(order, start, less, compare, first, last);
    }
    if (greater <= 1 || last < end - greater || first >= end) return;
    start = end - greater;
    count = greater;
  }
}

/** Swaps the first `length` places from `start` on with as many before `end`. */
function swapRuns(order: Int32Array, start: number, end: number, length: number): void {
  for (let i = 0; i < length; i++) swap(order, start + i, end - length + i);
}

/** Where a value stands that divides a part well: of the middle, or the median of three, or of nine. */
function pivotOf(order: Int32Array, start: number, count: number, compare: Compare): number {
  let middle = start + (count >>> 1);
  if (count === 7) return middle;
  let low = start;
  let high = start + count - 1;
  if (count > 40) {
    const d = count >>> 3;
    low = medianOf(order, low, low + d, low + 2 * d, compare);
    middle = medianOf(order, middle - d, middle, middle + d, compare);
    high = medianOf(order, high - 2 * d, high - d, high, compare);
  }
  return medianOf(order, low, middle, high, compare);
}

function medianOf(order: Int32Array, a: number, b: number, c: number, compare: Compare): number {
  if (compare(order[a], order[b]) < 0) {
    return compare(order[b], order[c]) < 0 ? b : compare(order[a], order[c]) < 0 ? c : a;
  }
  return compare(order[b], order[c]) > 0 ? b : compare(order[a], order[c]) < 0 ? a : c;
}

function swap(order: Int32Array, a: number, b: number): void {
  const value = order[a];
  order[a] = order[b];
  order[b] = value;
}
