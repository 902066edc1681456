/**
 * A bucket of a dict: one cache line, with up to 12 entries.
 *
 *   word 0       handle of the next bucket of the chain, 0 = none
 *   words 1..3   12 tags of one byte: 0 = empty slot, else bits 24..31 of the entry's hash (0 becomes 1)
 *   words 4..15  12 handles of entries
 *
 * A lookup compares four tags at once and goes to an entry only when its tag is right, so that one
 * that is not in the dict rarely touches any entry. A chain has no holes: its buckets are full, but
 * the last one, which is filled from slot 0 on and, if it is not the first, not empty.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";

export const BUCKET_BYTES = 64;
/** Units of 8 bytes in a bucket: what handles count in. */
export const BUCKET_UNITS_SHIFT = 3;
export const BUCKET_SLOTS = 12;
/** Words of a bucket, see above. */
export const TAG_WORDS = 1;
export const ENTRY_WORDS = 4;

/** The tag of a hash: 1 to 255. */
export function tagOf(hash: number): number {
  const tag = hash >>> 24;
  return tag + ((tag - 1) >>> 31);
}

/** A word of four equal tags. */
export function spreadTag(tag: number): number {
  return Math.imul(tag, 0x01010101);
}

/** Sets bit 7 of each byte that is 0 in `word`, and no other bit. */
export function zeroBytes(word: number): number {
  return ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);
}

/** The byte (0 to 3) of the lowest bit set by {@link zeroBytes}; 0 is not allowed. */
export function lowestByte(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >>> 3;
}

/** How many slots of the bucket at word offset `at` are occupied. */
export function occupiedSlots(words: Int32Array, at: number): number {
  for (let word = 0; word < 3; word++) {
    const empty = zeroBytes(words[at + TAG_WORDS + word]);
    if (empty !== 0) return (word << 2) + lowestByte(empty);
  }
  return BUCKET_SLOTS;
}

/** The tag of a slot. */
export function tagAt(words: Int32Array, at: number, slot: number): number {
  return (words[at + TAG_WORDS + (slot >>> 2)] >>> ((slot & 3) << 3)) & 0xff;
}

/** Sets tag and entry of a slot; tag and entry 0 make it empty. */
export function setSlot(
  words: Int32Array,
  at: number,
  slot: number,
  tag: number,
  entry: number,
): void {
  const shift = (slot & 3) << 3;
  const word = at + TAG_WORDS + (slot >>> 2);
  words[word] = (words[word] & ~(0xff << shift)) | (tag << shift);
  words[at + ENTRY_WORDS + slot] = entry;
}

/** Makes a bucket that has no next one and no entries. */
export function clearBucket(slabs: Slabs, bucket: number): void {
  const words = slabs.words[pageOf(bucket)];
  const at = wordOffset(bucket);
  words[at] = 0;
  words[at + 1] = 0;
  words[at + 2] = 0;
  words[at + 3] = 0;
}

/** The next bucket of a chain, 0 at its end. */
export function nextBucket(slabs: Slabs, bucket: number): number {
  return slabs.words[pageOf(bucket)][wordOffset(bucket)];
}
