/**
 * AND, OR, XOR and NOT of whole byte strings, as BITOP has them: sources of different lengths count
 * as if zeros were appended to the shorter ones.
 */
import { copyBytes } from "./bytes.ts";

/** The operations; their values are those that {@link combineBits} takes. */
export const BitOp = { AND: 0, OR: 1, XOR: 2 } as const;
export type BitOp = typeof BitOp[keyof typeof BitOp];

/** So many bytes of the result are finished, and leave the processor's cache, before the next. */
const PORTION_BYTES = 16 * 1024;

/** From this many bytes on, Int32Arrays over the ranges pay for their allocation. */
const WORDS_MIN_BYTES = 128;

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
  const length = end - start;
  let done = 0;
  const head = wordsHead(dst, at, src, start, length);
  if (head >= 0) {
    for (; done < head; done++) dst[at + done] = ~src[start + done];
    const to = wordsOver(dst, at + head, length - head);
    const from = wordsOver(src, start + head, length - head);
    for (let i = 0; i < to.length; i++) to[i] = ~from[i];
    done += to.byteLength;
  }
  for (; done < length; done++) dst[at + done] = ~src[start + done];
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
  const head = wordsHead(dst, at, src, start, length);
  if (head < 0) return combineBytes(op, dst, at, src, start, length);
  combineBytes(op, dst, at, src, start, head);
  const words = wordsOver(dst, at + head, length - head);
  combineWords(op, words, wordsOver(src, start + head, length - head));
  const done = head + words.byteLength;
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

function combineWords(op: BitOp, dst: Int32Array, src: Int32Array): void {
  const { length } = dst;
  if (op === BitOp.AND) { for (let i = 0; i < length; i++) dst[i] &= src[i]; }
  else if (op === BitOp.OR) { for (let i = 0; i < length; i++) dst[i] |= src[i]; }
  else for (let i = 0; i < length; i++) dst[i] ^= src[i];
}

/**
 * How many bytes stand in front of the first word of both ranges; -1 when they are short, or when a
 * word of the one is not a word of the other.
 */
function wordsHead(
  dst: Uint8Array,
  at: number,
  src: Uint8Array,
  start: number,
  length: number,
): number {
  if (length < WORDS_MIN_BYTES) return -1;
  const head = -(dst.byteOffset + at) & 3;
  return (-(src.byteOffset + start) & 3) === head ? head : -1;
}

/** The words of the `length` bytes at `start`, which is aligned; up to 3 bytes may be left over. */
function wordsOver(buf: Uint8Array, start: number, length: number): Int32Array {
  return new Int32Array(buf.buffer, buf.byteOffset + start, length >> 2);
}
