/**
 * A bucket of a dict: one cache line, with up to 10 entries.
 *
 *   word 0       handle of the next bucket of the chain, 0 = none
 *   words 1..5   10 tags of 16 bits, the one of an even slot in the lower half of its word: 0 = empty
 *                slot, else bit 15 and, below it, 15 bits of the entry's hash
 *   words 6..15  10 handles of entries
 *
 * A lookup compares two tags at once and goes to an entry only when its tag is right, so that one for
 * a key that is not there rarely touches any entry. A chain has no holes: its buckets are full, but
 * the last one, which is filled from slot 0 on and, if it is not the first, not empty.
 *
 * Which bits of the hash a tag holds depends on how many of its low bits, `depth`, led to the bucket:
 * those from the next lower multiple of 8 on. At least 8 of them so say more than the bucket's number
 * does. And the tag tells where the entry goes when the bucket is split, so that in seven splits out
 * of eight no key has to be looked at; see `chain_rebuild.ts`.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";

export const BUCKET_BYTES = 64;
/** From a number of buckets to a number of units of 8 bytes, which handles count in. */
export const BUCKET_UNITS_SHIFT = 3;
export const BUCKET_SLOTS = 10;
/** Words of a bucket, see above. */
export const TAG_WORDS = 1;
export const ENTRY_WORDS = 6;
const TAG_WORD_COUNT = 5;

const OCCUPIED = 0x8000;
export const TAG_HASH_BITS = 0x7fff;
/** Bits of the hash that are used up before tags begin with higher ones. */
export const TAG_STEP = 8;
/** Tags do not begin above this bit: they would have too few. */
const LAST_TAG_SHIFT = 24;

/** The lowest bit of the hash that is in the tags of a bucket, to which `depth` bits have led. */
export function tagShift(depth: number): number {
  return Math.min(depth & -TAG_STEP, LAST_TAG_SHIFT);
}

/** The tag of a hash, for buckets whose tags begin with its bit `shift`. */
export function tagOf(hash: number, shift: number): number {
  return OCCUPIED | ((hash >>> shift) & TAG_HASH_BITS);
}

/**
 * The slots of the bucket at word offset `at` that have a tag: a set that {@link firstSlot} reads and
 * from which `set & (set - 1)` takes the first slot.
 */
export function slotsWithTag(words: Int32Array, at: number, tag: number): number {
  const twice = tag | (tag << 16);
  return (equalHalves(words[at + 1] ^ twice) >>> 15) |
    (equalHalves(words[at + 2] ^ twice) >>> 14) |
    (equalHalves(words[at + 3] ^ twice) >>> 13) |
    (equalHalves(words[at + 4] ^ twice) >>> 12) |
    (equalHalves(words[at + 5] ^ twice) >>> 11);
}

/** Sets the highest bit of each half that is 0, and no other bit. */
function equalHalves(difference: number): number {
  return ~(((difference & 0x7fff7fff) + 0x7fff7fff) | difference | 0x7fff7fff);
}

/** A slot of a set of slots, which must not be empty: bits 0..4 stand for even slots, 16..20 for odd. */
export function firstSlot(set: number): number {
  const bit = 31 - Math.clz32(set & -set);
  return (bit << 1) - (bit >>> 4) * 31;
}

/** How many slots of the bucket at word offset `at` are occupied. */
export function occupiedSlots(words: Int32Array, at: number): number {
  for (let word = 0; word < TAG_WORD_COUNT; word++) {
    const two = words[at + TAG_WORDS + word];
    // The tag of the odd slot has the sign bit, when there is one.
    if (two >= 0) return (word << 1) + (two === 0 ? 0 : 1);
  }
  return BUCKET_SLOTS;
}

/** The tag of a slot, 0 when it is empty. */
export function tagAt(words: Int32Array, at: number, slot: number): number {
  return (words[at + TAG_WORDS + (slot >>> 1)] >>> ((slot & 1) << 4)) & 0xffff;
}

/** Sets tag and entry of a slot; tag 0 makes it empty. */
export function setSlot(
  words: Int32Array,
  at: number,
  slot: number,
  tag: number,
  entry: number,
): void {
  const shift = (slot & 1) << 4;
  const word = at + TAG_WORDS + (slot >>> 1);
  words[word] = (words[word] & ~(0xffff << shift)) | (tag << shift);
  words[at + ENTRY_WORDS + slot] = entry;
}

/** Makes a bucket that has no next one and no entries. */
export function clearBucket(slabs: Slabs, bucket: number): void {
  const words = slabs.words[pageOf(bucket)];
  const at = wordOffset(bucket);
  words[at] = 0;
  for (let word = 0; word < TAG_WORD_COUNT; word++) words[at + TAG_WORDS + word] = 0;
}

/** The next bucket of a chain, 0 at its end. */
export function nextBucket(slabs: Slabs, bucket: number): number {
  return slabs.words[pageOf(bucket)][wordOffset(bucket)];
}
