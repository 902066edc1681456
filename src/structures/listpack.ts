/**
 * The listpack: a short list of byte strings in one block, without pointers. Small hashes, sets,
 * sorted sets, streams' nodes and quicklists' nodes are listpacks, in the very bytes that RDB files
 * hold (format: github.com/antirez/listpack, as of Redis 7).
 *
 *   bytes 0..3    length of the whole, little-endian
 *   bytes 4..5    number of elements, little-endian; 0xffff: more than fit here, count them
 *   elements      each: encoding and data, then the back length
 *   last byte     0xff
 *
 * An element that is the canonical text of a 64-bit integer is kept as an integer:
 *
 *   0xxxxxxx                         0 to 127
 *   110xxxxx xxxxxxxx                13 bits, signed, high bits first
 *   11110001 11110010 11110011 ...   16, 24, 32 bits, signed, little-endian
 *   11110100 ...                     64 bits, signed, little-endian
 *   10xxxxxx ...                     string of up to 63 bytes
 *   1110xxxx xxxxxxxx ...            string of up to 4095 bytes
 *   11110000 and 4 bytes ...         longer string, length little-endian
 *
 * The back length is the size of encoding and data, in 1 to 5 bytes of 7 bits, high bits first; all
 * but the first have bit 7 set, so that it can be read backwards.
 *
 * A listpack is named by its block's handle, an element by its POSITION, the byte offset of its
 * encoding from the start of the block; 0 is no element. A change may move the block, and moves all
 * positions behind the place of the change. A text to be put in must not lie in the listpack itself.
 */
import { copyBytes, equalBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf } from "../memory/handle.ts";
import {
  INT64_TEXT_BYTES,
  isCanonicalInt64,
  parseInt64,
  parseSafeInteger,
  writeInt64,
  writeInteger,
} from "../memory/numbers.ts";
import { OUT_OF_MEMORY, type Slabs } from "../memory/slab.ts";

export const LISTPACK_HEADER_BYTES = 6;
/** Bytes of a listpack without elements. */
export const EMPTY_LISTPACK_BYTES = LISTPACK_HEADER_BYTES + 1;
/** The longest that a listpack may become (as in Redis). */
export const MAX_LISTPACK_BYTES = 1 << 30;

/** Integers from 0 to it are their own encoding. */
export const SMALL_INTEGER_MAX = 127;

/** Longer listpacks get an eighth of room when they grow, so that not every class of blocks is a move. */
const TIGHT_BYTES = 1024;
const GROWTH_SHIFT = 3;
/** What is shorter by an element keeps its block while no more than an eighth of it would be given back. */
const SLACK_SHIFT = 3;

const END = 0xff;
/** Up to so many bytes a loop moves them faster than the runtime. */
const SHORT_MOVE_BYTES = 64;
const COUNT_UNKNOWN = 0xffff;
const MAX_INTEGER_TEXT = 20;
const TWO_32 = 2 ** 32;
const NOTHING: Uint8Array = new Uint8Array(0);

const INT16 = 0xf1;
const INT24 = 0xf2;
const INT32 = 0xf3;
const INT64 = 0xf4;
const STRING32 = 0xf0;

/** An element as {@link readElement} shows it: a byte string, integers being spelled out. */
export interface ElementView {
  buf: Uint8Array;
  start: number;
  end: number;
  /** Whether it is kept as an integer. */
  isInteger: boolean;
}

/** A view to be filled; integers are spelled in a buffer of its own, so two views do not disturb each other. */
export class Element implements ElementView {
  readonly text = new Uint8Array(INT64_TEXT_BYTES);
  buf: Uint8Array = this.text;
  start = 0;
  end = 0;
  isInteger = false;
}

// ---------------------------------------------------------------- the whole

/** A new, empty listpack with room for `capacity` bytes in all. Throws OutOfMemory. */
export function createListpack(slabs: Slabs, capacity = EMPTY_LISTPACK_BYTES): number {
  const lp = slabs.alloc(Math.max(capacity, EMPTY_LISTPACK_BYTES));
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp);
  setBytes(buf, at, EMPTY_LISTPACK_BYTES);
  setCount(buf, at, 0);
  buf[at + LISTPACK_HEADER_BYTES] = END;
  return lp;
}

/** Length of the whole listpack in bytes. */
export function listpackBytes(slabs: Slabs, lp: number): number {
  return bytesAt(slabs.bytes[pageOf(lp)], byteOffset(lp));
}

/** Number of elements. O(1) below 65535, else they are counted. */
export function listpackLength(slabs: Slabs, lp: number): number {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp);
  const count = countAt(buf, at);
  if (count !== COUNT_UNKNOWN) return count;
  let length = 0;
  for (let pos = at + LISTPACK_HEADER_BYTES; buf[pos] !== END; pos = behind(buf, pos)) length++;
  if (length < COUNT_UNKNOWN) setCount(buf, at, length);
  return length;
}

// ---------------------------------------------------------------- going from element to element

/** The first element; 0 when there is none. */
export function firstElement(slabs: Slabs, lp: number): number {
  const isEmpty = slabs.bytes[pageOf(lp)][byteOffset(lp) + LISTPACK_HEADER_BYTES] === END;
  return isEmpty ? 0 : LISTPACK_HEADER_BYTES;
}

/** The last element; 0 when there is none. */
export function lastElement(slabs: Slabs, lp: number): number {
  return previousElement(slabs, lp, listpackBytes(slabs, lp) - 1);
}

/** The element behind `pos`; 0 at the end. */
export function nextElement(slabs: Slabs, lp: number, pos: number): number {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp);
  const next = behind(buf, at + pos);
  return buf[next] === END ? 0 : next - at;
}

/** The element before `pos`, which may be the position of the end byte; 0 at the start. */
export function previousElement(slabs: Slabs, lp: number, pos: number): number {
  if (pos === LISTPACK_HEADER_BYTES) return 0;
  const buf = slabs.bytes[pageOf(lp)];
  let at = byteOffset(lp) + pos - 1;
  let size = 0;
  let shift = 1;
  let backBytes = 1;
  for (; buf[at] & 0x80; at--, backBytes++) {
    size += (buf[at] & 0x7f) * shift;
    shift *= 128;
  }
  size += buf[at] * shift;
  return pos - backBytes - size;
}

/** The element at an index, which counts from the end when it is negative; 0 when there is none. Walks from the nearer end. */
export function elementAt(slabs: Slabs, lp: number, index: number): number {
  const length = listpackLength(slabs, lp);
  const forward = index < 0 ? index + length : index;
  if (forward < 0 || forward >= length) return 0;
  if (forward <= length >>> 1) {
    let pos = firstElement(slabs, lp);
    for (let i = 0; i < forward; i++) pos = nextElement(slabs, lp, pos);
    return pos;
  }
  let pos = lastElement(slabs, lp);
  for (let i = length - 1; i > forward; i--) pos = previousElement(slabs, lp, pos);
  return pos;
}

// ---------------------------------------------------------------- reading

/** Shows an element; the view is valid until the listpack changes. */
export function readElement(slabs: Slabs, lp: number, pos: number, view: Element): void {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp) + pos;
  const head = buf[at];
  if ((head & 0xc0) === 0x80) {
    showString(view, buf, at + 1, head & 0x3f);
  } else if ((head & 0xf0) === 0xe0) {
    showString(view, buf, at + 2, ((head & 0x0f) << 8) | buf[at + 1]);
  } else if (head === STRING32) {
    showString(view, buf, at + 5, uint32(buf, at + 1));
  } else {
    view.isInteger = true;
    view.buf = view.text;
    view.start = 0;
    const value = integerAt(buf, at);
    view.end = Number.isSafeInteger(value)
      ? writeInteger(view.text, 0, value)
      : writeInt64(view.text, 0, exactIntegerAt(buf, at));
  }
}

/** An element as a number: NaN when it is kept as a string, rounded beyond ±2^53. */
export function elementInteger(slabs: Slabs, lp: number, pos: number): number {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp) + pos;
  const head = buf[at];
  const isString = (head & 0xc0) === 0x80 || (head & 0xf0) === 0xe0 || head === STRING32;
  return isString ? NaN : integerAt(buf, at);
}

/** Whether an element is `buf[start, end)`. */
export function elementEquals(
  slabs: Slabs,
  lp: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  readElement(slabs, lp, pos, comparing);
  return equalBytes(comparing.buf, comparing.start, comparing.end, buf, start, end);
}

/**
 * The first element from `pos` on that is `buf[start, end)`, looking at every `step`-th (2 for the
 * fields of a hash); 0 when there is none.
 */
export function findElement(
  slabs: Slabs,
  lp: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
  step: number,
): number {
  if (pos === 0) return 0;
  const length = end - start;
  const isNumeric = length <= MAX_INTEGER_TEXT && isCanonicalInt64(buf, start, end);
  const bytes = slabs.bytes[pageOf(lp)];
  const base = byteOffset(lp);
  for (let at = base + pos, left = 0; bytes[at] !== END; at = behind(bytes, at), left--) {
    if (left !== 0) continue;
    left = step;
    const found = isNumeric
      ? elementEquals(slabs, lp, at - base, buf, start, end)
      : isString(bytes, at, buf, start, end);
    if (found) return at - base;
  }
  return 0;
}

// ---------------------------------------------------------------- changing

/**
 * Puts a new element before the one at `pos`; at the end with `pos` 0.
 *
 * @returns The listpack, which may have moved. The new element is at `pos`, or the last. Throws
 *   OutOfMemory with nothing changed.
 */
export function insertElement(
  slabs: Slabs,
  lp: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  return splice(slabs, lp, pos === 0 ? listpackBytes(slabs, lp) - 1 : pos, 0, buf, start, end, 1);
}

/** Adds an element at the end; see {@link insertElement}. */
export function appendElement(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  return splice(slabs, lp, listpackBytes(slabs, lp) - 1, 0, buf, start, end, 1);
}

/**
 * Adds an integer from 0 to {@link SMALL_INTEGER_MAX} at the end, without a text of it; see
 * {@link insertElement}.
 */
export function appendSmallInteger(slabs: Slabs, lp: number, n: number): number {
  const total = listpackBytes(slabs, lp);
  const moved = withRoomFor(slabs, lp, total + 2);
  const buf = slabs.bytes[pageOf(moved)];
  const base = byteOffset(moved);
  const at = base + total - 1;
  buf[at] = n;
  buf[at + 1] = 1; // The back length.
  buf[at + 2] = END;
  setBytes(buf, base, total + 2);
  addCount(buf, base, 1);
  return moved;
}

/**
 * Elements that are added at the end one after the other, of a listpack whose block has room for all
 * of them: its lengths are written once. Begin, put the elements, end.
 */
export class ListpackAppender {
  #buf = NOTHING;
  #base = 0;
  #at = 0;
  #added = 0;

  begin(slabs: Slabs, lp: number): void {
    this.#buf = slabs.bytes[pageOf(lp)];
    this.#base = byteOffset(lp);
    this.#at = this.#base + bytesAt(this.#buf, this.#base) - 1;
    this.#added = 0;
  }

  /** @param n An integer of 52 bits and its sign. */
  putInteger(n: number): void {
    const buf = this.#buf;
    this.#added++;
    if (n >= 0 && n <= SMALL_INTEGER_MAX) {
      buf[this.#at++] = n;
      buf[this.#at++] = 1; // The back length.
      return;
    }
    planValue(n);
    writePlannedInteger(buf, this.#at, plan.head);
    this.#at += plan.size;
    writeBackLength(buf, this.#at, plan.size);
    this.#at++;
  }

  put(buf: Uint8Array, start: number, end: number): void {
    planElement(buf, start, end);
    writePlanned(this.#buf, this.#at, buf, start, end);
    this.#at += plan.size + backLengthBytes(plan.size);
    this.#added++;
  }

  end(): void {
    const buf = this.#buf;
    buf[this.#at++] = END;
    setBytes(buf, this.#base, this.#at - this.#base);
    addCount(buf, this.#base, this.#added);
    this.#buf = NOTHING;
  }
}

/** Makes an element another integer, if both are of 0 to {@link SMALL_INTEGER_MAX}; else false, and nothing happens. */
export function setSmallInteger(slabs: Slabs, lp: number, pos: number, n: number): boolean {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp) + pos;
  if (buf[at] > SMALL_INTEGER_MAX || n < 0 || n > SMALL_INTEGER_MAX) return false;
  buf[at] = n;
  return true;
}

/** Adds two elements at the end, at once: a field of a hash and its value. See {@link insertPair}. */
export function appendPair(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
  secondBuf: Uint8Array,
  secondStart: number,
  secondEnd: number,
): number {
  return insertPair(slabs, lp, 0, buf, start, end, secondBuf, secondStart, secondEnd);
}

/**
 * Puts two new elements before the one at `pos`, at once, or at the end with `pos` 0: a member of a
 * sorted set and its score.
 *
 * @returns The listpack, which may have moved. Throws OutOfMemory with nothing changed.
 */
export function insertPair(
  slabs: Slabs,
  lp: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
  secondBuf: Uint8Array,
  secondStart: number,
  secondEnd: number,
): number {
  const total = listpackBytes(slabs, lp);
  const firstBytes = elementSize(buf, start, end);
  const size = firstBytes + elementSize(secondBuf, secondStart, secondEnd);
  const moved = withRoomFor(slabs, lp, total + size);
  const bytes = slabs.bytes[pageOf(moved)];
  const base = byteOffset(moved);
  const at = base + (pos === 0 ? total - 1 : pos);
  moveBytes(bytes, at + size, at, base + total);
  // The second is written first, as it is the one that has just been planned.
  writePlanned(bytes, at + firstBytes, secondBuf, secondStart, secondEnd);
  planElement(buf, start, end);
  writePlanned(bytes, at, buf, start, end);
  setBytes(bytes, base, total + size);
  addCount(bytes, base, 2);
  return moved;
}

/**
 * Makes room for `bytes` more, so that as much can be put in without taking more memory.
 *
 * @returns The listpack, which may have moved. Throws OutOfMemory with nothing changed.
 */
export function reserveListpack(slabs: Slabs, lp: number, bytes: number): number {
  const needed = listpackBytes(slabs, lp) + bytes;
  return slabs.sizeOf(lp) >= needed ? lp : slabs.resize(lp, needed);
}

/** As {@link trimListpack}, if more than one part in 2^`slackShift` of the length would be given back. */
export function trimLoosely(slabs: Slabs, lp: number, slackShift: number): number {
  const bytes = listpackBytes(slabs, lp);
  return slabs.sizeOf(lp) - bytes <= bytes >>> slackShift ? lp : trimListpack(slabs, lp);
}

/** Gives back what room the listpack's block has beyond its length, if it can; it may move for that. */
export function trimListpack(slabs: Slabs, lp: number): number {
  try {
    return slabs.resize(lp, listpackBytes(slabs, lp));
  } catch (failure) {
    // Without memory for a smaller block, the bigger one serves as well.
    if (failure === OUT_OF_MEMORY) return lp;
    throw failure;
  }
}

/** Puts another element into the place of the one at `pos`, which keeps its position. */
export function replaceElement(
  slabs: Slabs,
  lp: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const oldBytes = elementBytes(slabs, lp, pos);
  if (elementSize(buf, start, end) !== oldBytes) {
    return splice(slabs, lp, pos, oldBytes, buf, start, end, 0);
  }
  writePlanned(slabs.bytes[pageOf(lp)], byteOffset(lp) + pos, buf, start, end);
  return lp;
}

/**
 * Takes out `count` elements from `pos` on, all that there are at most. What followed them is at `pos`
 * then. Gives back room where that is worth it.
 *
 * @param slackShift See {@link trimLoosely}.
 * @returns The listpack, which may have moved.
 */
export function removeElements(
  slabs: Slabs,
  lp: number,
  pos: number,
  count: number,
  slackShift = SLACK_SHIFT,
): number {
  const buf = slabs.bytes[pageOf(lp)];
  const from = byteOffset(lp) + pos;
  let to = from;
  let removed = 0;
  for (; removed < count && buf[to] !== END; removed++) to = behind(buf, to);
  cut(slabs, lp, pos, to - from, removed);
  return trimLoosely(slabs, lp, slackShift);
}

/** What a listpack would grow by with an element of this text: encoding, data and back length in bytes. */
export function elementSize(buf: Uint8Array, start: number, end: number): number {
  planElement(buf, start, end);
  return plan.size + backLengthBytes(plan.size);
}

// ---------------------------------------------------------------- checking what came from outside

/**
 * Whether `buf[start, end)` is a listpack from its first to its last byte, so that no function here
 * can leave it. O(n), allocates nothing.
 */
export function isValidListpack(buf: Uint8Array, start: number, end: number): boolean {
  const size = end - start;
  if (size < EMPTY_LISTPACK_BYTES || bytesAt(buf, start) !== size || buf[end - 1] !== END) {
    return false;
  }
  let at = start + LISTPACK_HEADER_BYTES;
  let count = 0;
  while (at < end - 1) {
    const headBytes = headSize(buf[at]);
    if (headBytes === 0 || at + headBytes > end - 1) return false;
    const bytes = contentBytes(buf, at);
    const next = at + bytes + backLengthBytes(bytes);
    if (next > end - 1 || !hasBackLength(buf, at + bytes, bytes)) return false;
    at = next;
    count++;
  }
  const stated = countAt(buf, start);
  return stated === COUNT_UNKNOWN || stated === count;
}

// ---------------------------------------------------------------- inside

const comparing = new Element();

/** How an element is to be written; filled by {@link planElement}. */
const plan = { head: 0, size: 0, value: 0, exact: null as bigint | null };
const NOT_AN_INTEGER = -1;

/** Decides on the encoding of a text: `plan.head` is its first byte, or NOT_AN_INTEGER for a string. */
function planElement(buf: Uint8Array, start: number, end: number): void {
  const length = end - start;
  plan.exact = null;
  if (length <= MAX_INTEGER_TEXT && isCanonicalInt64(buf, start, end)) {
    planInteger(buf, start, end);
    return;
  }
  plan.head = NOT_AN_INTEGER;
  plan.size = length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
}

function planInteger(buf: Uint8Array, start: number, end: number): void {
  const value = parseSafeInteger(buf, start, end);
  if (value === value) return planValue(value);
  plan.value = value;
  plan.exact = parseInt64(buf, start, end);
  plan.head = INT64;
  plan.size = 9;
}

/** The same for a safe integer. */
function planValue(value: number): void {
  plan.value = value;
  plan.exact = null;
  if (value >= 0 && value <= 127) {
    plan.head = value;
    plan.size = 1;
  } else if (value >= -4096 && value <= 4095) {
    plan.head = 0xc0 | ((value >> 8) & 0x1f);
    plan.size = 2;
  } else if (value >= -0x8000 && value <= 0x7fff) {
    plan.head = INT16;
    plan.size = 3;
  } else if (value >= -0x800000 && value <= 0x7fffff) {
    plan.head = INT24;
    plan.size = 4;
  } else if (value >= -0x80000000 && value <= 0x7fffffff) {
    plan.head = INT32;
    plan.size = 5;
  } else {
    plan.head = INT64;
    plan.size = 9;
  }
}

/** Writes the planned element at `at`, back length included. */
function writePlanned(
  dst: Uint8Array,
  at: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { head, size } = plan;
  if (head === NOT_AN_INTEGER) writeString(dst, at, buf, start, end);
  else writePlannedInteger(dst, at, head);
  writeBackLength(dst, at + size, size);
}

function writeString(
  dst: Uint8Array,
  at: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  if (length < 64) {
    dst[at++] = 0x80 | length;
  } else if (length < 4096) {
    dst[at++] = 0xe0 | (length >>> 8);
    dst[at++] = length;
  } else {
    dst[at++] = STRING32;
    for (let shift = 0; shift < 32; shift += 8) dst[at++] = length >>> shift;
  }
  copyBytes(dst, at, buf, start, end);
}

function writePlannedInteger(dst: Uint8Array, at: number, head: number): void {
  dst[at++] = head;
  const { exact, value } = plan;
  if (head < 0x80) return;
  if ((head & 0xe0) === 0xc0) {
    dst[at] = value;
    return;
  }
  const low = exact === null ? value | 0 : Number(BigInt.asIntN(32, exact));
  const bytes = head === INT64 ? 4 : head - INT16 + 2;
  for (let i = 0; i < bytes; i++) dst[at++] = low >> (8 * i);
  if (head !== INT64) return;
  const high = exact === null ? Math.floor(value / TWO_32) : Number(exact >> 32n);
  for (let i = 0; i < 4; i++) dst[at++] = high >> (8 * i);
}

/** Replaces `oldBytes` bytes at `pos` by one new element; `added` more elements are there then. */
function splice(
  slabs: Slabs,
  lp: number,
  pos: number,
  oldBytes: number,
  buf: Uint8Array,
  start: number,
  end: number,
  added: number,
): number {
  planElement(buf, start, end);
  const newBytes = plan.size + backLengthBytes(plan.size);
  const total = listpackBytes(slabs, lp);
  const newTotal = total + newBytes - oldBytes;
  const moved = newBytes > oldBytes ? withRoomFor(slabs, lp, newTotal) : lp;
  const bytes = slabs.bytes[pageOf(moved)];
  const base = byteOffset(moved);
  moveBytes(bytes, base + pos + newBytes, base + pos + oldBytes, base + total);
  writePlanned(bytes, base + pos, buf, start, end);
  setBytes(bytes, base, newTotal);
  addCount(bytes, base, added);
  return newBytes < oldBytes ? trimLoosely(slabs, moved, SLACK_SHIFT) : moved;
}

/** The listpack in a block of `bytes` or more; one that is big enough stays. */
function withRoomFor(slabs: Slabs, lp: number, bytes: number): number {
  if (slabs.sizeOf(lp) >= bytes) return lp;
  return slabs.resize(lp, bytes <= TIGHT_BYTES ? bytes : bytes + (bytes >>> GROWTH_SHIFT));
}

function cut(slabs: Slabs, lp: number, pos: number, size: number, removed: number): void {
  const buf = slabs.bytes[pageOf(lp)];
  const base = byteOffset(lp);
  const total = bytesAt(buf, base);
  moveBytes(buf, base + pos, base + pos + size, base + total);
  setBytes(buf, base, total - size);
  addCount(buf, base, -removed);
}

/** Moves `buf[start, end)` to `target`; the two may overlap. Of short ones the runtime's call is most of the cost. */
function moveBytes(buf: Uint8Array, target: number, start: number, end: number): void {
  if (target === start) return;
  if (end - start > SHORT_MOVE_BYTES) {
    buf.copyWithin(target, start, end);
  } else if (target < start) {
    for (let from = start, to = target; from < end; from++, to++) buf[to] = buf[from];
  } else {
    for (let from = end - 1, to = target + end - start - 1; from >= start; from--, to--) {
      buf[to] = buf[from];
    }
  }
}

/** Size of an element with its back length. */
function elementBytes(slabs: Slabs, lp: number, pos: number): number {
  const at = byteOffset(lp) + pos;
  return behind(slabs.bytes[pageOf(lp)], at) - at;
}

/** Offset in the page of what follows the element at `at`. */
function behind(buf: Uint8Array, at: number): number {
  const bytes = contentBytes(buf, at);
  return at + bytes + backLengthBytes(bytes);
}

/** Size of encoding and data of the element at `at`. */
function contentBytes(buf: Uint8Array, at: number): number {
  const head = buf[at];
  if (head < 0x80) return 1;
  if (head < 0xc0) return 1 + (head & 0x3f);
  if (head < 0xe0) return 2;
  if (head < 0xf0) return 2 + (((head & 0x0f) << 8) | buf[at + 1]);
  if (head === STRING32) return 5 + uint32(buf, at + 1);
  return head === INT64 ? 9 : head - INT16 + 3;
}

/** Bytes that must be there to know an element's size; 0 for what is no encoding. */
function headSize(head: number): number {
  if (head < 0xe0) return 1;
  if (head < 0xf0) return 2;
  if (head === STRING32) return 5;
  return head <= INT64 ? 1 : 0;
}

function backLengthBytes(size: number): number {
  return size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
}

function writeBackLength(dst: Uint8Array, at: number, size: number): void {
  let rest = size;
  for (let i = backLengthBytes(size) - 1; i > 0; i--) {
    dst[at + i] = 0x80 | (rest & 0x7f);
    rest >>>= 7;
  }
  dst[at] = rest;
}

function hasBackLength(buf: Uint8Array, at: number, size: number): boolean {
  let rest = size;
  for (let i = backLengthBytes(size) - 1; i > 0; i--) {
    if (buf[at + i] !== (0x80 | (rest & 0x7f))) return false;
    rest >>>= 7;
  }
  return buf[at] === rest;
}

/** The integer at `at`, rounded when it is beyond ±2^53. */
function integerAt(buf: Uint8Array, at: number): number {
  const head = buf[at];
  if (head < 0x80) return head;
  if (head < 0xe0) return (((head & 0x1f) << 8) | buf[at + 1]) << 19 >> 19;
  if (head === INT16) return (buf[at + 1] | (buf[at + 2] << 8)) << 16 >> 16;
  if (head === INT24) return (buf[at + 1] | (buf[at + 2] << 8) | (buf[at + 3] << 16)) << 8 >> 8;
  const low = uint32(buf, at + 1);
  return head === INT32 ? low | 0 : (uint32(buf, at + 5) | 0) * TWO_32 + low;
}

/** The 64-bit integer at `at`, exactly. */
function exactIntegerAt(buf: Uint8Array, at: number): bigint {
  return (BigInt(uint32(buf, at + 5) | 0) << 32n) | BigInt(uint32(buf, at + 1));
}

function isString(
  bytes: Uint8Array,
  at: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const length = end - start;
  const head = bytes[at];
  if (length < 64) {
    return head === (0x80 | length) && equalBytes(bytes, at + 1, at + 1 + length, buf, start, end);
  }
  if (length < 4096) {
    return head === (0xe0 | (length >>> 8)) && bytes[at + 1] === (length & 0xff) &&
      equalBytes(bytes, at + 2, at + 2 + length, buf, start, end);
  }
  return head === STRING32 && uint32(bytes, at + 1) === length &&
    equalBytes(bytes, at + 5, at + 5 + length, buf, start, end);
}

function showString(view: ElementView, buf: Uint8Array, start: number, length: number): void {
  view.isInteger = false;
  view.buf = buf;
  view.start = start;
  view.end = start + length;
}

function bytesAt(buf: Uint8Array, at: number): number {
  return uint32(buf, at);
}

function setBytes(buf: Uint8Array, at: number, bytes: number): void {
  for (let i = 0; i < 4; i++) buf[at + i] = bytes >>> (8 * i);
}

function countAt(buf: Uint8Array, at: number): number {
  return buf[at + 4] | (buf[at + 5] << 8);
}

function setCount(buf: Uint8Array, at: number, count: number): void {
  buf[at + 4] = count;
  buf[at + 5] = count >>> 8;
}

/** An unknown count stays unknown; one that no longer fits becomes so. */
function addCount(buf: Uint8Array, at: number, added: number): void {
  const count = countAt(buf, at);
  if (count !== COUNT_UNKNOWN) setCount(buf, at, Math.min(count + added, COUNT_UNKNOWN));
}

function uint32(buf: Uint8Array, at: number): number {
  return (buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24)) >>> 0;
}
