/**
 * Chains of buckets: adding and taking out one entry, and distributing the entries of whole chains
 * anew when buckets are split or merged.
 *
 * A chain is named by its first bucket. The others are blocks of their own.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  BUCKET_BYTES,
  BUCKET_SLOTS,
  clearBucket,
  ENTRY_WORDS,
  firstSlot,
  nextBucket,
  occupiedSlots,
  setSlot,
  slotsWithTag,
  tagAt,
} from "./bucket.ts";

/**
 * Adds an entry at the end of a chain.
 *
 * @returns How many buckets were added: 0 or 1. Throws OutOfMemory with nothing changed.
 */
export function appendToChain(slabs: Slabs, first: number, tag: number, entry: number): number {
  let bucket = first;
  for (;;) {
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    const slot = occupiedSlots(words, at);
    if (slot < BUCKET_SLOTS) {
      setSlot(words, at, slot, tag, entry);
      return 0;
    }
    const next = words[at];
    if (next === 0) {
      const added = slabs.alloc(BUCKET_BYTES);
      clearBucket(slabs, added);
      setSlot(slabs.words[pageOf(added)], wordOffset(added), 0, tag, entry);
      words[at] = added;
      return 1;
    }
    bucket = next;
  }
}

/**
 * Takes an entry, which must be there, out of a chain; the last entry of the chain gets its slot.
 *
 * @returns How many buckets were freed: 0 or 1.
 */
export function removeFromChain(slabs: Slabs, first: number, tag: number, entry: number): number {
  let bucket = first;
  let slot = slotOfEntry(slabs, bucket, tag, entry);
  while (slot < 0) {
    bucket = nextBucket(slabs, bucket);
    slot = slotOfEntry(slabs, bucket, tag, entry);
  }
  return emptySlot(slabs, first, bucket, slot);
}

/**
 * Makes a slot empty; the last entry of the chain gets it. A last bucket that is empty then is freed.
 *
 * @param bucket The bucket of the chain that the slot belongs to.
 * @returns How many buckets were freed: 0 or 1.
 */
export function emptySlot(slabs: Slabs, first: number, bucket: number, slot: number): number {
  let previous = first;
  let last = bucket;
  for (let next = nextBucket(slabs, last); next !== 0; next = nextBucket(slabs, last)) {
    previous = last;
    last = next;
  }
  const lastWords = slabs.words[pageOf(last)];
  const lastAt = wordOffset(last);
  const lastSlot = occupiedSlots(lastWords, lastAt) - 1;
  const movedTag = tagAt(lastWords, lastAt, lastSlot);
  const moved = lastWords[lastAt + ENTRY_WORDS + lastSlot];
  setSlot(slabs.words[pageOf(bucket)], wordOffset(bucket), slot, movedTag, moved);
  setSlot(lastWords, lastAt, lastSlot, 0, 0);
  if (lastSlot > 0 || last === first) return 0;
  while (nextBucket(slabs, previous) !== last) previous = nextBucket(slabs, previous);
  slabs.words[pageOf(previous)][wordOffset(previous)] = 0;
  slabs.free(last);
  return 1;
}

/** The slot of an entry in one bucket, -1 when it is not there. */
export function slotOfEntry(slabs: Slabs, bucket: number, tag: number, entry: number): number {
  const words = slabs.words[pageOf(bucket)];
  const at = wordOffset(bucket);
  for (let slots = slotsWithTag(words, at, tag); slots !== 0; slots &= slots - 1) {
    const slot = firstSlot(slots);
    if (words[at + ENTRY_WORDS + slot] === entry) return slot;
  }
  return -1;
}

/** How many buckets, the first one not counted, a chain with so many entries has. */
export function overflowBuckets(length: number): number {
  return length === 0 ? 0 : Math.ceil(length / BUCKET_SLOTS) - 1;
}

/** How many entries a chain has. */
export function chainLength(slabs: Slabs, first: number): number {
  let length = 0;
  for (let bucket = first; bucket !== 0; bucket = nextBucket(slabs, bucket)) {
    length += occupiedSlots(slabs.words[pageOf(bucket)], wordOffset(bucket));
  }
  return length;
}

/** The entry at a position of a chain, 0 when the chain is shorter. */
export function entryAt(slabs: Slabs, first: number, position: number): number {
  let bucket = first;
  let slot = position;
  for (; slot >= BUCKET_SLOTS; slot -= BUCKET_SLOTS) {
    bucket = nextBucket(slabs, bucket);
    if (bucket === 0) return 0;
  }
  const words = slabs.words[pageOf(bucket)];
  const at = wordOffset(bucket);
  return tagAt(words, at, slot) === 0 ? 0 : words[at + ENTRY_WORDS + slot];
}
