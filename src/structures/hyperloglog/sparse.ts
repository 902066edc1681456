/**
 * Sparse registers: runs, written as opcodes of one or two bytes that together make up all 16384.
 *
 *     00llllll            ZERO   l+1 registers (1 to 64) hold 0
 *     01llllll llllllll   XZERO  l+1 registers (1 to 16384) hold 0
 *     1rrrrrll            VAL    l+1 registers (1 to 4) hold the rank r+1 (1 to 32)
 *
 * A few hundred elements take a few hundred bytes instead of 12 KiB. In return a register is found
 * by walking from the front, and raising one may split a run into three. The same registers can be
 * written in many ways; so that values stay equal to Redis's to the byte, runs are split as Redis
 * splits them, and joined only where it joins them: neighbouring VALs of one rank, near the change.
 *
 * `start` and `length` are those of the value, the header included.
 */
import { HLL_HEADER_BYTES, HLL_REGISTERS } from "./header.ts";

/** {@link sparseRaise}: the register was as high already. */
export const SPARSE_UNCHANGED = 0;
/** {@link sparseRaise}: the opcodes end before the register, or in the middle of one. */
export const SPARSE_CORRUPT = -1;
/** {@link sparseRaise}: the sparse form cannot hold this rank, or becomes too long: make it dense. */
export const SPARSE_TOO_LONG = -2;
/** {@link sparseRaise}: `capacity` does not suffice. */
export const SPARSE_NO_ROOM = -3;

const ZERO_MAX = 64;
const VAL_MAX = 4;
const VAL_RANK_MAX = 32;

/** After a change, so many opcodes from the one before it are looked at for VALs to join. */
const JOINED_OPCODES = 5;

/**
 * Raises a register to `rank`. The cache is left alone, and unless a length is returned, so is the
 * rest.
 *
 * @param capacity Bytes that the value may take up at `start`; it grows by at most 3. With 0 it is only
 *   looked at.
 * @param maxBytes The longest that the value may become by this; a longer one must be made dense.
 * @returns The new length of the value, or one of the SPARSE_ codes.
 */
export function sparseRaise(
  buf: Uint8Array,
  start: number,
  length: number,
  capacity: number,
  index: number,
  rank: number,
  maxBytes: number,
): number {
  if (rank > VAL_RANK_MAX) return SPARSE_TOO_LONG;
  const end = start + length;

  // Find the opcode of the register, the one before it, and the first register of its run.
  let at = start + HLL_HEADER_BYTES;
  let before = at;
  let first = 0;
  let run = 0;
  for (;;) {
    if (at >= end) return SPARSE_CORRUPT;
    const opcode = buf[at];
    let size = 1;
    if (opcode >= 0x80) {
      run = (opcode & 3) + 1;
    } else if (opcode < 0x40) {
      run = opcode + 1;
    } else {
      if (at + 1 >= end) return SPARSE_CORRUPT;
      run = ((opcode & 0x3f) << 8 | buf[at + 1]) + 1;
      size = 2;
    }
    if (index < first + run) break;
    before = at;
    at += size;
    first += run;
  }

  const opcode = buf[at];
  const isVal = opcode >= 0x80;
  if (isVal && valRank(opcode) >= rank) return SPARSE_UNCHANGED;
  if (capacity < length) return SPARSE_NO_ROOM;
  if (run === 1 && (isVal || opcode < 0x40)) {
    buf[at] = val(rank, 1);
    return joinVals(buf, before, end) - start;
  }

  // The run falls into up to three: what is left before the register, the register, what follows.
  const leftRun = index - first;
  const rightRun = first + run - 1 - index;
  const leftSize = isVal ? (leftRun === 0 ? 0 : 1) : zerosSize(leftRun);
  const rightSize = isVal ? (rightRun === 0 ? 0 : 1) : zerosSize(rightRun);
  const oldSize = isVal || opcode < 0x40 ? 1 : 2;
  const growth = leftSize + 1 + rightSize - oldSize;
  if (growth > 0 && length + growth > maxBytes) return SPARSE_TOO_LONG;
  if (length + growth > capacity) return SPARSE_NO_ROOM;
  const next = at + oldSize;
  if (growth !== 0 && next < end) buf.copyWithin(next + growth, next, end);
  if (isVal) {
    if (leftSize !== 0) buf[at] = val(valRank(opcode), leftRun);
    buf[at + leftSize] = val(rank, 1);
    if (rightSize !== 0) buf[at + leftSize + 1] = val(valRank(opcode), rightRun);
  } else {
    writeZeros(buf, at, leftRun);
    buf[at + leftSize] = val(rank, 1);
    writeZeros(buf, at + leftSize + 1, rightRun);
  }
  return joinVals(buf, before, end + growth) - start;
}

/** Adds to `histogram[rank]` how many registers hold that rank. False: the opcodes are corrupt. */
export function sparseHistogram(
  buf: Uint8Array,
  start: number,
  length: number,
  histogram: Int32Array,
): boolean {
  const end = start + length;
  let registers = 0;
  for (let at = start + HLL_HEADER_BYTES; at < end; at++) {
    const opcode = buf[at];
    if (opcode >= 0x80) {
      const run = (opcode & 3) + 1;
      histogram[valRank(opcode)] += run;
      registers += run;
      continue;
    }
    let run = opcode + 1;
    if (opcode >= 0x40) {
      if (++at >= end) return false;
      run = ((opcode & 0x3f) << 8 | buf[at]) + 1;
    }
    histogram[0] += run;
    registers += run;
  }
  return registers === HLL_REGISTERS;
}

/**
 * Raises registers, one a byte, to what the value holds. False: the opcodes are corrupt, and some
 * registers may have been raised.
 */
export function sparseMerge(
  buf: Uint8Array,
  start: number,
  length: number,
  registers: Uint8Array,
): boolean {
  const end = start + length;
  let index = 0;
  for (let at = start + HLL_HEADER_BYTES; at < end; at++) {
    const opcode = buf[at];
    if (opcode < 0x40) {
      index += opcode + 1;
    } else if (opcode < 0x80) {
      if (++at >= end) return false;
      index += ((opcode & 0x3f) << 8 | buf[at]) + 1;
    } else {
      const rank = valRank(opcode);
      const runEnd = index + (opcode & 3) + 1;
      if (runEnd > HLL_REGISTERS) return false;
      for (; index < runEnd; index++) if (registers[index] < rank) registers[index] = rank;
    }
  }
  return index === HLL_REGISTERS;
}

/**
 * The opcodes as PFDEBUG DECODE shows them, separated by spaces: "z:3" ZERO, "Z:3" XZERO, "v:5,2" a
 * VAL of rank 5 for 2 registers. They need not add up; an XZERO cut in half is read as if a 0 followed.
 */
export function sparseText(buf: Uint8Array, start: number, length: number): string {
  const end = start + length;
  const words: string[] = [];
  for (let at = start + HLL_HEADER_BYTES; at < end; at++) {
    const opcode = buf[at];
    if (opcode >= 0x80) words.push(`v:${valRank(opcode)},${(opcode & 3) + 1}`);
    else if (opcode < 0x40) words.push(`z:${opcode + 1}`);
    else words.push(`Z:${((opcode & 0x3f) << 8 | (++at < end ? buf[at] : 0)) + 1}`);
  }
  return words.join(" ");
}

function valRank(opcode: number): number {
  return ((opcode >> 2) & 0x1f) + 1;
}

/** The VAL opcode of a rank from 1 to 32 and a run from 1 to 4. */
function val(rank: number, run: number): number {
  return 0x80 | (rank - 1) << 2 | (run - 1);
}

/** The size of the opcode for a run of zeros: of none, none. */
function zerosSize(run: number): number {
  return run === 0 ? 0 : run > ZERO_MAX ? 2 : 1;
}

function writeZeros(buf: Uint8Array, at: number, run: number): void {
  if (run > ZERO_MAX) {
    buf[at] = 0x40 | (run - 1) >> 8;
    buf[at + 1] = run - 1;
  } else if (run > 0) {
    buf[at] = run - 1;
  }
}

/** Joins VALs of one rank among the opcodes from `at` on, and returns the new end of the value. */
function joinVals(buf: Uint8Array, from: number, valueEnd: number): number {
  let at = from;
  let end = valueEnd;
  for (let seen = 0; seen < JOINED_OPCODES && at < end; seen++) {
    const opcode = buf[at];
    if (opcode < 0x80) {
      at += opcode < 0x40 ? 1 : 2;
      continue;
    }
    const next = at + 1 < end ? buf[at + 1] : 0;
    const run = (opcode & 3) + (next & 3) + 2;
    if (next >= 0x80 && valRank(next) === valRank(opcode) && run <= VAL_MAX) {
      buf[at + 1] = val(valRank(opcode), run);
      buf.copyWithin(at, at + 1, end);
      end--;
    } else {
      at++;
    }
  }
  return end;
}
