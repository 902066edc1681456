/**
 * HyperLogLog: counts distinct elements in at most 12 KiB with a standard error of 0.81 %.
 *
 * A value begins sparse (see sparse.ts) and becomes dense (see dense.ts) when it would grow too long
 * or an element has a rank that sparse cannot write; it never returns. All functions work on the
 * value's bytes where they lie. What lets a value grow takes a `capacity`, changes nothing when that
 * does not suffice, and says so, so that the caller can try in place first and then elsewhere. There
 * always is room where 3 more bytes fit, and {@link HLL_DENSE_BYTES}.
 *
 * Unless said otherwise a value must have been accepted by {@link isHll}.
 */
import { denseHistogram, denseMerge, denseRaise, writeDense } from "./dense.ts";
import { estimateCardinality } from "./estimate.ts";
import { HLL_DENSE_BYTES, HLL_REGISTERS, isDenseHll, markDense } from "./header.ts";
import { hllPattern, patternIndex, patternRank } from "./pattern.ts";
import {
  SPARSE_CORRUPT,
  SPARSE_NO_ROOM,
  SPARSE_TOO_LONG,
  SPARSE_UNCHANGED,
  sparseHistogram,
  sparseMerge,
  sparseRaise,
} from "./sparse.ts";

export {
  cacheCardinality,
  cachedCardinality,
  cachedCardinalityBig,
  dropCachedCardinality,
  hasCachedCardinality,
  HLL_DENSE_BYTES,
  HLL_EMPTY_BYTES,
  HLL_HEADER_BYTES,
  HLL_REGISTERS,
  isDenseHll,
  isHll,
  writeEmptyHll,
} from "./header.ts";
export { denseRank } from "./dense.ts";
export { sparseText } from "./sparse.ts";

/** {@link hllAdd}, {@link hllRaise}: nothing had to change. */
export const HLL_UNCHANGED = SPARSE_UNCHANGED;
/** {@link hllAdd}, {@link hllRaise}: the value's opcodes are corrupt. */
export const HLL_CORRUPT = SPARSE_CORRUPT;
/** {@link hllAdd}, {@link hllRaise}: nothing was changed, because the capacity does not suffice. */
export const HLL_NO_ROOM = SPARSE_NO_ROOM;

// Neither survives a call.
const histogram = new Int32Array(64);
const scratchRegisters = new Uint8Array(HLL_REGISTERS);

/**
 * Adds the element `element[elementStart, elementEnd)`. The cached cardinality is left alone.
 *
 * @param capacity Bytes that the value may take up at `start`. With 0 a sparse value is not changed.
 * @param sparseMaxBytes The directive `hll-sparse-max-bytes`.
 * @returns The new length of the changed value, or {@link HLL_UNCHANGED}, {@link HLL_CORRUPT},
 *   {@link HLL_NO_ROOM}.
 */
export function hllAdd(
  buf: Uint8Array,
  start: number,
  length: number,
  capacity: number,
  element: Uint8Array,
  elementStart: number,
  elementEnd: number,
  sparseMaxBytes: number,
): number {
  const pattern = hllPattern(element, elementStart, elementEnd);
  const index = patternIndex(pattern);
  return hllRaise(buf, start, length, capacity, index, patternRank(pattern), sparseMaxBytes);
}

/** Raises one register to `rank`; otherwise as {@link hllAdd}. */
export function hllRaise(
  buf: Uint8Array,
  start: number,
  length: number,
  capacity: number,
  index: number,
  rank: number,
  sparseMaxBytes: number,
): number {
  if (isDenseHll(buf, start)) {
    return denseRaise(buf, start, index, rank) ? length : HLL_UNCHANGED;
  }
  const result = sparseRaise(buf, start, length, capacity, index, rank, sparseMaxBytes);
  if (result !== SPARSE_TOO_LONG) return result;
  if (capacity < HLL_DENSE_BYTES) return HLL_NO_ROOM;
  if (!hllToDense(buf, start, length)) return HLL_CORRUPT;
  denseRaise(buf, start, index, rank);
  return HLL_DENSE_BYTES;
}

/**
 * Makes a sparse value dense where it lies; it then is {@link HLL_DENSE_BYTES} long, for which there
 * must be room. The cached cardinality stays. False: the opcodes are corrupt, and nothing changed.
 */
export function hllToDense(buf: Uint8Array, start: number, length: number): boolean {
  scratchRegisters.fill(0);
  if (!sparseMerge(buf, start, length, scratchRegisters)) return false;
  hllSetRegisters(buf, start, scratchRegisters);
  return true;
}

/**
 * Makes a value dense, with the given registers, one a byte. There must be room for
 * {@link HLL_DENSE_BYTES} at `start`, which then is its length. The cached cardinality stays.
 */
export function hllSetRegisters(buf: Uint8Array, start: number, registers: Uint8Array): void {
  writeDense(buf, start, registers);
  markDense(buf, start);
}

/**
 * The cardinality counted from the registers, whatever the cache says: an integer from 0 to 2^63
 * (see {@link estimateCardinality}), or NaN when the value is corrupt.
 */
export function hllCount(buf: Uint8Array, start: number, length: number): number {
  histogram.fill(0);
  if (isDenseHll(buf, start)) denseHistogram(buf, start, histogram);
  else if (!sparseHistogram(buf, start, length, histogram)) return NaN;
  return estimateCardinality(histogram);
}

/**
 * Raises `registers`, {@link HLL_REGISTERS} bytes, to what the value holds: the union of several
 * values is gathered by calling this for each. False: the value is corrupt, and some registers may
 * have been raised.
 */
export function hllMerge(
  buf: Uint8Array,
  start: number,
  length: number,
  registers: Uint8Array,
): boolean {
  if (!isDenseHll(buf, start)) return sparseMerge(buf, start, length, registers);
  denseMerge(buf, start, registers);
  return true;
}

/** The cardinality of gathered registers, as {@link hllCount} has it. */
export function registersCount(registers: Uint8Array): number {
  histogram.fill(0);
  for (let index = 0; index < HLL_REGISTERS; index++) histogram[registers[index]]++;
  return estimateCardinality(histogram);
}
