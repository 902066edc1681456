/**
 * The intset: a sorted array of integers, all of the same width, in one block; small sets of integers
 * are kept so. The bytes are those of RDB files (as in Redis's intset.c):
 *
 *   bytes 0..3   width of an integer in bytes: 2, 4 or 8, little-endian
 *   bytes 4..7   number of integers, little-endian
 *   integers     signed, little-endian, ascending
 *
 * The width is that of the widest integer there has ever been. A member comes and goes as text, so
 * that 64-bit integers beyond 2^53 stay exact; inside, an integer is a pair of 32-bit halves.
 *
 * An intset is named by its block's handle; a change may move the block.
 */
import { byteOffset, pageOf } from "../memory/handle.ts";
import {
  INT64_TEXT_BYTES,
  isCanonicalInt64,
  parseInt64,
  parseSafeInteger,
  writeInt64,
  writeInteger,
} from "../memory/numbers.ts";
import type { Slabs } from "../memory/slab.ts";

const HEADER_BYTES = 8;
const MAX_INTEGER_TEXT = 20;
const TWO_32 = 2 ** 32;

/** An integer on its way in: filled by {@link parseMember}. */
const wanted = { high: 0, low: 0, width: 0 };

/** Where {@link search} found an integer, or where it would stand. */
const place = { index: 0, isThere: false };

/** Whether a text is an integer that an intset can hold. */
export function isIntsetMember(buf: Uint8Array, start: number, end: number): boolean {
  return end - start <= MAX_INTEGER_TEXT && isCanonicalInt64(buf, start, end);
}

/** A new, empty intset. Throws OutOfMemory. */
export function createIntset(slabs: Slabs): number {
  const set = slabs.alloc(HEADER_BYTES);
  const buf = slabs.bytes[pageOf(set)];
  const at = byteOffset(set);
  setUint32(buf, at, 2);
  setUint32(buf, at + 4, 0);
  return set;
}

/** Number of members. */
export function intsetLength(slabs: Slabs, set: number): number {
  return uint32(slabs.bytes[pageOf(set)], byteOffset(set) + 4);
}

/** Length of the whole in bytes. */
export function intsetBytes(slabs: Slabs, set: number): number {
  return HEADER_BYTES + intsetLength(slabs, set) * widthOf(slabs, set);
}

/** Whether the integer of this text is a member. O(log n). */
export function intsetHas(
  slabs: Slabs,
  set: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (!isIntsetMember(buf, start, end)) return false;
  parseMember(buf, start, end);
  if (wanted.width > widthOf(slabs, set)) return false;
  search(slabs, set);
  return place.isThere;
}

/**
 * Adds the integer of this text, which {@link isIntsetMember} has approved and which is not a member.
 *
 * @returns The intset, which may have moved. Throws OutOfMemory with nothing changed.
 */
export function intsetAdd(
  slabs: Slabs,
  set: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  parseMember(buf, start, end);
  const length = intsetLength(slabs, set);
  const width = Math.max(widthOf(slabs, set), wanted.width);
  const moved = slabs.resize(set, HEADER_BYTES + (length + 1) * width);
  if (width > widthOf(slabs, moved)) widen(slabs, moved, width);
  search(slabs, moved);
  const bytes = slabs.bytes[pageOf(moved)];
  const at = byteOffset(moved) + HEADER_BYTES + place.index * width;
  bytes.copyWithin(at + width, at, byteOffset(moved) + HEADER_BYTES + length * width);
  writeWanted(bytes, at, width);
  setUint32(bytes, byteOffset(moved) + 4, length + 1);
  return moved;
}

/** Takes out the integer of this text, which is a member. Returns the intset, which may have moved. */
export function intsetRemove(
  slabs: Slabs,
  set: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  parseMember(buf, start, end);
  search(slabs, set);
  return intsetRemoveAt(slabs, set, place.index);
}

/** Takes out the member at an index. */
export function intsetRemoveAt(slabs: Slabs, set: number, index: number): number {
  const length = intsetLength(slabs, set);
  const width = widthOf(slabs, set);
  const bytes = slabs.bytes[pageOf(set)];
  const base = byteOffset(set);
  const at = base + HEADER_BYTES + index * width;
  bytes.copyWithin(at, at + width, base + HEADER_BYTES + length * width);
  setUint32(bytes, base + 4, length - 1);
  return slabs.resize(set, HEADER_BYTES + (length - 1) * width);
}

/** Writes the text of the member at an index to `dst`, which has room for 20 bytes; returns its length. */
export function intsetText(slabs: Slabs, set: number, index: number, dst: Uint8Array): number {
  const width = widthOf(slabs, set);
  const bytes = slabs.bytes[pageOf(set)];
  const at = byteOffset(set) + HEADER_BYTES + index * width;
  const low = lowAt(bytes, at, width);
  const high = highAt(bytes, at, width);
  const value = high * TWO_32 + (low >>> 0);
  if (Number.isSafeInteger(value)) return writeInteger(dst, 0, value);
  return writeInt64(dst, 0, (BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** Room that {@link intsetText} wants. */
export const INTSET_TEXT_BYTES = INT64_TEXT_BYTES;

/** Whether `buf[start, end)` is an intset: of a known width, complete, ascending. O(n). */
export function isValidIntset(buf: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES) return false;
  const width = uint32(buf, start);
  const length = uint32(buf, start + 4);
  if (width !== 2 && width !== 4 && width !== 8) return false;
  if (length === 0 || end - start !== HEADER_BYTES + length * width) return false;
  for (let at = start + HEADER_BYTES + width; at < end; at += width) {
    const highBefore = highAt(buf, at - width, width);
    const high = highAt(buf, at, width);
    if (high < highBefore) return false;
    const isLowBelow = (lowAt(buf, at - width, width) >>> 0) < (lowAt(buf, at, width) >>> 0);
    if (high === highBefore && !isLowBelow) return false;
  }
  return true;
}

// ---------------------------------------------------------------- inside

function parseMember(buf: Uint8Array, start: number, end: number): void {
  const value = parseSafeInteger(buf, start, end);
  if (value === value) {
    wanted.low = value | 0;
    wanted.high = Math.floor(value / TWO_32);
  } else {
    const exact = parseInt64(buf, start, end)!;
    wanted.low = Number(BigInt.asIntN(32, exact));
    wanted.high = Number(exact >> 32n);
  }
  const { high, low } = wanted;
  if (high !== low >> 31) wanted.width = 8;
  else wanted.width = low === low << 16 >> 16 ? 2 : 4;
}

/** Binary search for `wanted`, after a look at both ends, where additions mostly go. */
function search(slabs: Slabs, set: number): void {
  const width = widthOf(slabs, set);
  const bytes = slabs.bytes[pageOf(set)];
  const base = byteOffset(set) + HEADER_BYTES;
  let from = 0;
  let to = intsetLength(slabs, set);
  place.isThere = false;
  if (to > 0 && order(bytes, base + (to - 1) * width, width) < 0) from = to;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const comparison = order(bytes, base + middle * width, width);
    if (comparison === 0) {
      place.index = middle;
      place.isThere = true;
      return;
    }
    if (comparison < 0) from = middle + 1;
    else to = middle;
  }
  place.index = from;
}

/** Negative when the integer at `at` is below `wanted`, 0 when it is equal, positive above. */
function order(bytes: Uint8Array, at: number, width: number): number {
  const high = highAt(bytes, at, width);
  if (high !== wanted.high) return high < wanted.high ? -1 : 1;
  const low = lowAt(bytes, at, width) >>> 0;
  const wantedLow = wanted.low >>> 0;
  return low === wantedLow ? 0 : low < wantedLow ? -1 : 1;
}

/** Makes all integers wider, from the last to the first; there is room. */
function widen(slabs: Slabs, set: number, width: number): void {
  const bytes = slabs.bytes[pageOf(set)];
  const base = byteOffset(set) + HEADER_BYTES;
  const oldWidth = widthOf(slabs, set);
  for (let i = intsetLength(slabs, set) - 1; i >= 0; i--) {
    const low = lowAt(bytes, base + i * oldWidth, oldWidth);
    const high = highAt(bytes, base + i * oldWidth, oldWidth);
    write(bytes, base + i * width, width, low, high);
  }
  setUint32(bytes, byteOffset(set), width);
}

function writeWanted(bytes: Uint8Array, at: number, width: number): void {
  write(bytes, at, width, wanted.low, wanted.high);
}

function write(bytes: Uint8Array, at: number, width: number, low: number, high: number): void {
  for (let i = 0; i < Math.min(width, 4); i++) bytes[at + i] = low >> (8 * i);
  if (width === 8) setUint32(bytes, at + 4, high);
}

function lowAt(bytes: Uint8Array, at: number, width: number): number {
  return width === 2 ? (bytes[at] | (bytes[at + 1] << 8)) << 16 >> 16 : uint32(bytes, at) | 0;
}

function highAt(bytes: Uint8Array, at: number, width: number): number {
  return width === 8 ? uint32(bytes, at + 4) | 0 : lowAt(bytes, at, width) >> 31;
}

function widthOf(slabs: Slabs, set: number): number {
  return slabs.bytes[pageOf(set)][byteOffset(set)];
}

function uint32(buf: Uint8Array, at: number): number {
  return (buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24)) >>> 0;
}

function setUint32(buf: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) buf[at + i] = value >>> (8 * i);
}
