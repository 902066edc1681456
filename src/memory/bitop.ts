/**
 * AND, OR, XOR and NOT of whole byte strings, as BITOP has them: sources of different lengths count
 * as if zeros were appended to the shorter ones.
 *
 * Long strings go word by word, wherever they lie: values mostly lie within their entries, behind
 * keys of any length. Machines are little-endian.
 */
import { copyBytes } from "./bytes.ts";

/** The operations; their values are those that {@link combineBits} takes. */
export const BitOp = { AND: 0, OR: 1, XOR: 2 } as const;
export type BitOp = typeof BitOp[keyof typeof BitOp];

/** So many bytes of the result are finished, and leave the processor's cache, before the next. */
const PORTION_BYTES = 16 * 1024;

/** From this many bytes on, arrays of words over the ranges pay for their allocation. */
const WORDS_MIN_BYTES = 64;

/** Slices side by side: source i is `bufs[i][starts[i], ends[i])`. */
export interface Slices {
  readonly bufs: readonly Uint8Array[];
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/**
 * Writes what `op` makes of the sources to `dst[at, at + length)`.
 *
 * @param count The number of sources, at least 1: those at 0 to count - 1.
 * @param length The length of the longest source.
 */
export function combineBits(
  op: BitOp,
  dst: Uint8Array,
  at: number,
  length: number,
  sources: Slices,
  count: number,
): void {
  for (let from = 0; from < length; from += PORTION_BYTES) {
    const to = Math.min(from + PORTION_BYTES, length);
    for (let i = 0; i < count; i++) {
      const buf = sources.bufs[i];
      const start = sources.starts[i];
      // What is there of this source, in positions of the result.
      const end = Math.max(from, Math.min(to, sources.ends[i] - start));
      if (i === 0) copyBytes(dst, at + from, buf, start + from, start + end);
      else combine(op, dst, at + from, buf, start + from, end - from);
      if (i === 0 || op === BitOp.AND) dst.fill(0, at + end, at + to);
    }
  }
}

/** Writes the complement of `src[start, end)` to `dst` from `at` on. */
export function invertBits(
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  end: number,
): void {
  copyBytes(dst, at, src, start, end);
  const to = at + end - start;
  const head = Math.min(to, at + bytesToWord(dst, at));
  invertBytes(dst, at, head);
  const rest = to - (to - head & 7);
  if (rest > head) {
    const words = new BigInt64Array(dst.buffer, dst.byteOffset + head, (rest - head) >> 3);
    for (let i = 0; i < words.length; i++) words[i] = BigInt.asIntN(64, words[i] ^ -1n);
  }
  invertBytes(dst, rest, to);
}

function invertBytes(buf: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) buf[i] = ~buf[i];
}

/** `dst[at + i] op= src[start + i]` for each i below `length`. */
function combine(
  op: BitOp,
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  length: number,
): void {
  if (length < WORDS_MIN_BYTES) return combineBytes(op, dst, at, src, start, length);
  const head = bytesToWord(dst, at);
  combineBytes(op, dst, at, src, start, head);
  const isAligned = bytesToWord(src, start) === head;
  const done = head + (isAligned ? combineWords : combineHalves)(
    op,
    dst,
    at + head,
    src,
    start + head,
    length - head,
  );
  combineBytes(op, dst, at + done, src, start + done, length - done);
}

function combineBytes(
  op: BitOp,
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  length: number,
): void {
  if (op === BitOp.AND) { for (let i = 0; i < length; i++) dst[at + i] &= src[start + i]; }
  else if (op === BitOp.OR) { for (let i = 0; i < length; i++) dst[at + i] |= src[start + i]; }
  else for (let i = 0; i < length; i++) dst[at + i] ^= src[start + i];
}

/**
 * As {@link combineBytes}, where words begin in both. (Such a loop makes no BigInts when it is
 * compiled, and takes half the time of one over Int32Arrays.)
 *
 * @returns How many bytes have been combined; up to 7 may be left over.
 */
function combineWords(
  op: BitOp,
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  length: number,
): number {
  const count = length >> 3;
  const to = new BigInt64Array(dst.buffer, dst.byteOffset + at, count);
  const from = new BigInt64Array(src.buffer, src.byteOffset + start, count);
  if (op === BitOp.AND) {
    for (let i = 0; i < count; i++) to[i] = BigInt.asIntN(64, to[i] & from[i]);
  } else if (op === BitOp.OR) {
    for (let i = 0; i < count; i++) to[i] = BigInt.asIntN(64, to[i] | from[i]);
  } else {
    for (let i = 0; i < count; i++) to[i] = BigInt.asIntN(64, to[i] ^ from[i]);
  }
  return 8 * count;
}

/**
 * As {@link combineWords}, where a word begins in `dst`, but somewhere else in `src`: each half of a
 * word is made of two of the source.
 */
function combineHalves(
  op: BitOp,
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  length: number,
): number {
  const ahead = (src.byteOffset + start) & 3;
  const count = (length - 4 + ahead) >> 2;
  const to = new Int32Array(dst.buffer, dst.byteOffset + at, count);
  const from = new Int32Array(src.buffer, src.byteOffset + start - ahead, count + 1);
  const low = 8 * ahead;
  const high = 31 - low; // And 1 more, apart, as nothing is shifted by 32 bits at once.
  if (op === BitOp.AND) {
    for (let i = 0; i < count; i++) to[i] &= from[i] >>> low | from[i + 1] << 1 << high;
  } else if (op === BitOp.OR) {
    for (let i = 0; i < count; i++) to[i] |= from[i] >>> low | from[i + 1] << 1 << high;
  } else {
    for (let i = 0; i < count; i++) to[i] ^= from[i] >>> low | from[i + 1] << 1 << high;
  }
  return 4 * count;
}

/** How many bytes stand in front of the next word of 64 bits. */
function bytesToWord(buf: Uint8Array, at: number): number {
  return -(buf.byteOffset + at) & 7;
}
