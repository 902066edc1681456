/**
 * The entry: one slab block that holds a key, what is known of it, and a short value or the way to a
 * long one. Everything that a dict holds is an entry: a key of a database, a field of a big hash, a
 * member of a big set.
 *
 *   word 0   bits 0..23   clock: last use (LRU) or frequency of use (LFU)
 *            bits 24..26  type, one of TypeId
 *            bits 27..30  encoding of the value
 *            bit 31       volatile: the entry expires, so `word 0 < 0`
 *   word 1   bits 0..15   length of the key in bytes, 0xffff: long, see below
 *            bits 16..31  length of the inline value in bytes, 0xffff: the value lies out of line
 *
 * Then, in this order, and each only where it is wanted:
 *
 *   volatile      3 words  due time in ms since 1970, low and high half; the entry's node in the
 *                          expire index
 *   long key      1 word   its length in bytes
 *   out of line   2 words  handle of the value, and its length: of strings in bytes, of other types
 *                          what the type wants
 *   key           its bytes
 *   inline value  its bytes
 *
 * A key of 16 bytes with a value of 16 bytes so takes 40 bytes. What the layout costs: an entry that
 * gets or loses its expiry, or whose value outgrows its block, is copied to another one.
 */
import { copyBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";

/** Types of values, by Redis's numbers (`OBJ_*`). */
export const TypeId = {
  STRING: 0,
  LIST: 1,
  SET: 2,
  ZSET: 3,
  HASH: 4,
  MODULE: 5,
  STREAM: 6,
} as const;

/** The clock's bits of word 0. */
export const CLOCK_MASK = 0xffffff;
/** The longest value that can lie in an entry. */
export const MAX_INLINE_BYTES = 0xfffe;
/** Word of a volatile entry that belongs to the expire index. */
export const EXPIRE_NODE_WORD = 4;

const TYPE_SHIFT = 24;
const TYPE_MASK = 7;
const ENCODING_SHIFT = 27;
const ENCODING_MASK = 15;
const VOLATILE = 1 << 31;

const LENGTHS_WORD = 1;
const INLINE_SHIFT = 16;
/** In place of a length: see the words that follow. */
const ELSEWHERE = 0xffff;

/** Up to this many bytes a loop over words is faster than a copy by the runtime. */
const WORD_COPY_BYTES = 64;

const HEADER_BYTES = 8;
const DUE_WORD = 2;
const VOLATILE_BYTES = 12;
const LONG_KEY_BYTES = 4;
const OUT_OF_LINE_BYTES = 8;

// ---------------------------------------------------------------- parts, by page and word offset
//
// For those that have the page's arrays at hand; `at` is the word offset of the entry.

/** Byte offset in the page of the key. */
export function keyOffsetAt(words: Int32Array, at: number): number {
  const lengths = words[at + LENGTHS_WORD];
  let offset = (at << 2) + HEADER_BYTES;
  if (words[at] < 0) offset += VOLATILE_BYTES;
  if ((lengths & ELSEWHERE) === ELSEWHERE) offset += LONG_KEY_BYTES;
  if (lengths >>> INLINE_SHIFT === ELSEWHERE) offset += OUT_OF_LINE_BYTES;
  return offset;
}

/** Length of the key in bytes. */
export function keyLengthAt(words: Int32Array, at: number): number {
  const length = words[at + LENGTHS_WORD] & ELSEWHERE;
  if (length !== ELSEWHERE) return length;
  return words[words[at] < 0 ? at + DUE_WORD + (VOLATILE_BYTES >>> 2) : at + DUE_WORD];
}

/** Whether the key is `buf[start, end)`. */
export function hasKeyAt(
  bytes: Uint8Array,
  words: Int32Array,
  at: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const length = end - start;
  const lengths = words[at + LENGTHS_WORD];
  if ((lengths & ELSEWHERE) !== (length < ELSEWHERE ? length : ELSEWHERE)) return false;
  if (length >= ELSEWHERE && keyLengthAt(words, at) !== length) return false;
  // The key begins on a whole word, so whole words are compared as long as there are any.
  let i = start;
  let word = keyOffsetAt(words, at) >>> 2;
  for (const stop = end - 3; i < stop; i += 4, word++) {
    if (words[word] !== wordAt(buf, i)) return false;
  }
  for (let offset = word << 2; i < end; i++, offset++) {
    if (bytes[offset] !== buf[i]) return false;
  }
  return true;
}

/** Four bytes as a word of slab memory, which is little-endian like every machine that Deno runs on. */
function wordAt(buf: Uint8Array, i: number): number {
  return buf[i] | (buf[i + 1] << 8) | (buf[i + 2] << 16) | (buf[i + 3] << 24);
}

// ---------------------------------------------------------------- word 0

/** When it was used last, or how often: 24 bits. */
export function clock(slabs: Slabs, entry: number): number {
  return slabs.words[pageOf(entry)][wordOffset(entry)] & CLOCK_MASK;
}

export function setClock(slabs: Slabs, entry: number, value: number): void {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  words[at] = (words[at] & ~CLOCK_MASK) | (value & CLOCK_MASK);
}

/** One of TypeId. */
export function type(slabs: Slabs, entry: number): number {
  return (slabs.words[pageOf(entry)][wordOffset(entry)] >>> TYPE_SHIFT) & TYPE_MASK;
}

/** A number of the type's choice, 0 to 15. */
export function encoding(slabs: Slabs, entry: number): number {
  return (slabs.words[pageOf(entry)][wordOffset(entry)] >>> ENCODING_SHIFT) & ENCODING_MASK;
}

export function setEncoding(slabs: Slabs, entry: number, value: number): void {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  words[at] = (words[at] & ~(ENCODING_MASK << ENCODING_SHIFT)) | (value << ENCODING_SHIFT);
}

/** Whether it expires. */
export function isVolatile(slabs: Slabs, entry: number): boolean {
  return slabs.words[pageOf(entry)][wordOffset(entry)] < 0;
}

// ---------------------------------------------------------------- expiry, of volatile entries only

/** When it expires, in ms since 1970. */
export function dueMs(slabs: Slabs, entry: number): number {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry) + DUE_WORD;
  return (words[at] >>> 0) + words[at + 1] * 2 ** 32;
}

/** @param value A safe integer. */
export function setDueMs(slabs: Slabs, entry: number, value: number): void {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry) + DUE_WORD;
  words[at] = value | 0;
  words[at + 1] = Math.floor(value / 2 ** 32);
}

// ---------------------------------------------------------------- the key

/** Byte offset, in the entry's page, of the key. */
export function keyOffset(slabs: Slabs, entry: number): number {
  return keyOffsetAt(slabs.words[pageOf(entry)], wordOffset(entry));
}

/** Length of the key in bytes. */
export function keyLength(slabs: Slabs, entry: number): number {
  return keyLengthAt(slabs.words[pageOf(entry)], wordOffset(entry));
}

// ---------------------------------------------------------------- the value

/** Whether the value lies in the entry. */
export function isInline(slabs: Slabs, entry: number): boolean {
  return inlineLength(slabs, entry) !== ELSEWHERE;
}

/** Length of the value: of strings in bytes, of other values out of line what their type has put there. */
export function valueLength(slabs: Slabs, entry: number): number {
  const length = inlineLength(slabs, entry);
  if (length !== ELSEWHERE) return length;
  return slabs.words[pageOf(entry)][outOfLineWord(slabs, entry) + 1];
}

/** Byte offset, in the entry's page, of an inline value. */
export function valueOffset(slabs: Slabs, entry: number): number {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  return keyOffsetAt(words, at) + keyLengthAt(words, at);
}

/** Handle of a value out of line. */
export function valueHandle(slabs: Slabs, entry: number): number {
  return slabs.words[pageOf(entry)][outOfLineWord(slabs, entry)];
}

/** The value out of line has moved. */
export function setValueHandle(slabs: Slabs, entry: number, handle: number): void {
  slabs.words[pageOf(entry)][outOfLineWord(slabs, entry)] = handle;
}

/** The value out of line has another length. */
export function setValueLength(slabs: Slabs, entry: number, length: number): void {
  slabs.words[pageOf(entry)][outOfLineWord(slabs, entry) + 1] = length;
}

/** Whether the entry does not expire and has an inline value of exactly `length` bytes. */
export function isPlainInline(slabs: Slabs, entry: number, length: number): boolean {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  return words[at] >= 0 && words[at + LENGTHS_WORD] >>> INLINE_SHIFT === length &&
    length !== ELSEWHERE;
}

/**
 * Whether an inline value of `length` bytes, in place of the present inline value, fits into the
 * entry's block and does not leave a quarter of it unused.
 */
export function fitsInline(slabs: Slabs, entry: number, length: number): boolean {
  if (length > MAX_INLINE_BYTES) return false;
  const size = valueOffset(slabs, entry) - byteOffset(entry) + length;
  const blockSize = slabs.sizeOf(entry);
  return size <= blockSize && blockSize - size <= Math.max(8, blockSize >>> 2);
}

/** Another length for an inline value, for which there must be room; see {@link fitsInline}. */
export function setInlineLength(slabs: Slabs, entry: number, length: number): void {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry) + LENGTHS_WORD;
  words[at] = (words[at] & ELSEWHERE) | (length << INLINE_SHIFT);
}

function inlineLength(slabs: Slabs, entry: number): number {
  return slabs.words[pageOf(entry)][wordOffset(entry) + LENGTHS_WORD] >>> INLINE_SHIFT;
}

/** Word offset, in the entry's page, of the length of a value out of line. */
export function valueLengthWord(slabs: Slabs, entry: number): number {
  return outOfLineWord(slabs, entry) + 1;
}

/** Word offset of the two words of a value out of line. */
function outOfLineWord(slabs: Slabs, entry: number): number {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  return (keyOffsetAt(words, at) - OUT_OF_LINE_BYTES) >>> 2;
}

// ---------------------------------------------------------------- making entries

/** Bytes of an entry. `inlineBytes` is the length of the inline value, -1 for a value out of line. */
export function entrySize(keyBytes: number, inlineBytes: number, isVolatile: boolean): number {
  return HEADER_BYTES + (isVolatile ? VOLATILE_BYTES : 0) +
    (keyBytes >= ELSEWHERE ? LONG_KEY_BYTES : 0) +
    (inlineBytes < 0 ? OUT_OF_LINE_BYTES : inlineBytes) + keyBytes;
}

/**
 * A new entry with room for an inline value of `length` bytes, 0 to MAX_INLINE_BYTES. The value's
 * bytes and, of a volatile one, the due time are not set. Throws OutOfMemory.
 */
export function createInline(
  slabs: Slabs,
  buf: Uint8Array,
  start: number,
  end: number,
  length: number,
  typeId: number,
  valueEncoding: number,
  isVolatile: boolean,
  clockValue: number,
): number {
  const entry = slabs.alloc(entrySize(end - start, length, isVolatile));
  const head = clockValue | (typeId << TYPE_SHIFT) | (valueEncoding << ENCODING_SHIFT);
  writeHead(slabs, entry, buf, start, end, isVolatile ? head | VOLATILE : head, length);
  return entry;
}

/**
 * A new entry for a value that lies in the block `value` and has the length `length`; of a volatile
 * one the due time is not set. Throws OutOfMemory.
 */
export function createOutOfLine(
  slabs: Slabs,
  buf: Uint8Array,
  start: number,
  end: number,
  value: number,
  length: number,
  typeId: number,
  valueEncoding: number,
  isVolatile: boolean,
  clockValue: number,
): number {
  const entry = slabs.alloc(entrySize(end - start, -1, isVolatile));
  const head = clockValue | (typeId << TYPE_SHIFT) | (valueEncoding << ENCODING_SHIFT);
  writeHead(slabs, entry, buf, start, end, isVolatile ? head | VOLATILE : head, ELSEWHERE);
  setValueHandle(slabs, entry, value);
  setValueLength(slabs, entry, length);
  return entry;
}

/**
 * A copy of an entry that is volatile or is not, whatever the first one is; a new due time is not
 * set. A value out of line is then shared by the two: the caller frees one of them. Throws OutOfMemory.
 */
export function withVolatility(slabs: Slabs, entry: number, isVolatile: boolean): number {
  const start = keyOffset(slabs, entry);
  const end = start + keyLength(slabs, entry);
  return copyEntry(slabs, entry, slabs.bytes[pageOf(entry)], start, end, isVolatile);
}

/**
 * A copy of an entry under another key; the due time is copied, too, the node in the expire index is
 * not set. A value out of line is then shared by the two. Throws OutOfMemory.
 */
export function withKey(
  slabs: Slabs,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const copy = copyEntry(slabs, entry, buf, start, end, isVolatile(slabs, entry));
  if (isVolatile(slabs, entry)) setDueMs(slabs, copy, dueMs(slabs, entry));
  return copy;
}

function copyEntry(
  slabs: Slabs,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  toVolatile: boolean,
): number {
  const head = slabs.words[pageOf(entry)][wordOffset(entry)];
  const newHead = toVolatile ? head | VOLATILE : head & ~VOLATILE;
  const length = inlineLength(slabs, entry);
  const inlineBytes = length === ELSEWHERE ? -1 : length;
  const copy = slabs.alloc(entrySize(end - start, inlineBytes, toVolatile));
  writeHead(slabs, copy, buf, start, end, newHead, length);
  if (length === ELSEWHERE) {
    setValueHandle(slabs, copy, valueHandle(slabs, entry));
    setValueLength(slabs, copy, valueLength(slabs, entry));
  } else {
    const from = valueOffset(slabs, entry);
    const source = slabs.bytes[pageOf(entry)];
    copyBytes(slabs.bytes[pageOf(copy)], valueOffset(slabs, copy), source, from, from + length);
  }
  return copy;
}

/** Writes the two header words and the key; `inlineField` is the upper half of word 1. */
function writeHead(
  slabs: Slabs,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  head: number,
  inlineField: number,
): void {
  const words = slabs.words[pageOf(entry)];
  const at = wordOffset(entry);
  const keyBytes = end - start;
  words[at] = head;
  if (keyBytes < ELSEWHERE) {
    words[at + LENGTHS_WORD] = keyBytes | (inlineField << INLINE_SHIFT);
  } else {
    words[at + LENGTHS_WORD] = ELSEWHERE | (inlineField << INLINE_SHIFT);
    words[head < 0 ? at + DUE_WORD + (VOLATILE_BYTES >>> 2) : at + DUE_WORD] = keyBytes;
  }
  writeKey(slabs.bytes[pageOf(entry)], words, keyOffsetAt(words, at), buf, start, end);
}

/** Copies a key to `offset`, a multiple of 4: a short one by whole words as far as there are any. */
function writeKey(
  bytes: Uint8Array,
  words: Int32Array,
  offset: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  if (end - start > WORD_COPY_BYTES) {
    copyBytes(bytes, offset, buf, start, end);
    return;
  }
  let i = start;
  let word = offset >>> 2;
  for (const stop = end - 3; i < stop; i += 4, word++) words[word] = wordAt(buf, i);
  for (let at = word << 2; i < end; i++, at++) bytes[at] = buf[i];
}
