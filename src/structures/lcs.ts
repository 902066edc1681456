/**
 * The longest common subsequence of two byte strings, as LCS has it.
 *
 * The classic table has a cell L(i, j) for each pair of prefixes, of which Redis stores 32 bits. Here
 * one bit a cell suffices, and 32 cells are computed at once (Hyyrö, "Bit-parallel LCS-length
 * computation revisited", 2004): row i is a bit vector V whose bit j is 0 where the row steps up, at
 * L(i, j+1) = L(i, j) + 1. With M the positions in b of the byte a[i], as a bit vector too, and
 * U = V & M, the next row is
 *
 *     V' = (V + U) | (V - U)            and V - U is V & ~M
 *
 * The way back from the last cell needs no more than these bits. Where the two bytes differ, Redis
 * drops a byte of `a` if L(i-1, j) > L(i, j-1), which is just when row i steps up at j.
 *
 * The table lives for one call and is not part of the data, so it is allocated as JavaScript does.
 */
import { countOnes } from "../memory/bits.ts";

/** What LCS would need as Redis computes it, in bytes: it refuses beyond `proto-max-bulk-len`. */
export function lcsTransientBytes(aLength: number, bLength: number): number {
  return (aLength + 1) * (bLength + 1) * 4;
}

/** A run of bytes that both strings share, at `a[aStart]` and `b[bStart]`. */
export interface LcsRange {
  readonly aStart: number;
  readonly bStart: number;
  readonly length: number;
}

/** The length of the longest common subsequence of two slices. */
export function lcsLength(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const masks = new PositionMasks(b, bStart, bEnd);
  const row = new Int32Array(masks.wordCount).fill(-1);
  for (let at = aStart; at < aEnd; at++) nextRow(row, 0, row, 0, masks.of(a[at]));
  // The row steps up where its bits are 0. Those behind the last byte of b are always 1.
  return 32 * row.length - countOnes(new Uint8Array(row.buffer), 0, row.byteLength);
}

/**
 * The runs that a longest common subsequence of two slices is made of, from the last to the first:
 * those that Redis chooses among all that are as long. Positions are relative to the slices.
 *
 * It takes one bit for each pair of bytes.
 */
export function lcsRanges(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): LcsRange[] {
  const masks = new PositionMasks(b, bStart, bEnd);
  const { wordCount } = masks;
  // Row i is that of the first i bytes of a.
  const rows = new Int32Array((aEnd - aStart + 1) * wordCount).fill(-1, 0, wordCount);
  for (let i = 0; i < aEnd - aStart; i++) {
    nextRow(rows, (i + 1) * wordCount, rows, i * wordCount, masks.of(a[aStart + i]));
  }

  const ranges: LcsRange[] = [];
  let i = aEnd - aStart;
  let j = bEnd - bStart;
  while (i > 0 && j > 0) {
    let length = 0;
    while (i > 0 && j > 0 && a[aStart + i - 1] === b[bStart + j - 1]) {
      i--;
      j--;
      length++;
    }
    if (length > 0) {
      ranges.push({ aStart: i, bStart: j, length });
      continue;
    }
    const stepsUp = (rows[i * wordCount + ((j - 1) >> 5)] & (1 << ((j - 1) & 31))) === 0;
    if (stepsUp) i--;
    else j--;
  }
  return ranges;
}

/** For each byte the positions at which a slice holds it, as bit vectors, made when asked for. */
class PositionMasks {
  readonly wordCount: number;
  readonly #buf: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #masks: (Int32Array | undefined)[] = new Array(256);

  constructor(buf: Uint8Array, start: number, end: number) {
    this.wordCount = (end - start + 31) >> 5;
    this.#buf = buf;
    this.#start = start;
    this.#end = end;
  }

  of(byte: number): Int32Array {
    return this.#masks[byte] ??= this.#make(byte);
  }

  #make(byte: number): Int32Array {
    const mask = new Int32Array(this.wordCount);
    const buf = this.#buf;
    for (let at = this.#start, j = 0; at < this.#end; at++, j++) {
      if (buf[at] === byte) mask[j >> 5] |= 1 << (j & 31);
    }
    return mask;
  }
}

/** Computes row `to[toAt...]` from the row above it, `from[fromAt...]`. They may be the same. */
function nextRow(
  to: Int32Array,
  toAt: number,
  from: Int32Array,
  fromAt: number,
  mask: Int32Array,
): void {
  let carry = 0;
  for (let k = 0; k < mask.length; k++) {
    const row = from[fromAt + k];
    const used = row & mask[k];
    const sum = (row + used + carry) | 0;
    carry = ((row & used) | ((row | used) & ~sum)) >>> 31;
    to[toAt + k] = sum | (row & ~mask[k]);
  }
}
