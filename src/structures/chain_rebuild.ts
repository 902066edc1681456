/**
 * Splitting a chain of buckets into two, and merging two into one.
 *
 * The entries are gathered into scratch memory and written back, into the very buckets that they came
 * from: a split needs no memory, a merge one bucket at the most, and that is allocated before anything
 * changes. So neither can fail half way.
 *
 * Neither looks at the entries themselves as long as their tags hold the same bits of the hash before
 * and after. When a split is where tags begin with higher bits, these come from hashing the keys again;
 * at the same place a merge gets the lower bits, which are no longer in the tags, from the number of
 * the bucket.
 */
import { hashBytes, type HashSeed } from "../memory/hash.ts";
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  BUCKET_BYTES,
  BUCKET_SLOTS,
  ENTRY_WORDS,
  occupiedSlots,
  TAG_HASH_BITS,
  TAG_STEP,
  TAG_WORDS,
  tagAt,
  tagOf,
  tagShift,
} from "./bucket.ts";
import { overflowBuckets } from "./chain.ts";
import { keyLengthAt, keyOffsetAt } from "./entry.ts";

/** Scratch memory, which never survives a call; it grows with the longest chain there has been. */
let entries = new Int32Array(64);
let tags = new Uint16Array(64);
let hashes = new Int32Array(64);
/** Buckets other than the first ones of the chains. */
let spares = new Int32Array(16);
let entryCount = 0;
let spareCount = 0;

/**
 * Splits the chain `from`: entries with bit `depth` of their hash set go to `to`, an empty bucket.
 *
 * @param depth How many bits of the hash have led to `from`.
 * @returns By how many buckets, the first ones not counted, there are fewer now.
 */
export function splitChain(
  slabs: Slabs,
  seed: HashSeed,
  from: number,
  to: number,
  depth: number,
): number {
  entryCount = 0;
  spareCount = 0;
  gather(slabs, from);
  const shift = tagShift(depth);
  const newShift = tagShift(depth + 1);
  if (newShift !== shift) hashGathered(slabs, seed);

  // Those that stay come first, the others are collected from the end of the scratch memory.
  const bit = 1 << (depth - shift);
  let stay = 0;
  let moveFrom = entries.length;
  for (let i = 0; i < entryCount; i++) {
    const tag = tags[i];
    const target = (tag & bit) === 0 ? stay++ : --moveFrom;
    entries[target] = entries[i];
    tags[target] = newShift === shift ? tag : tagOf(hashes[i], newShift);
  }
  fill(slabs, from, 0, stay);
  fill(slabs, to, moveFrom, entries.length);
  return freeSpares(slabs);
}

/**
 * Moves all entries of the chain `from` to the chain `into`. The first bucket of `from` is not freed.
 *
 * @param depth How many bits of the hash lead to `into` afterwards.
 * @param index The number of the bucket `into`; the one of `from` has bit `depth` set as well.
 * @returns By how many buckets, the first ones not counted, there are fewer now: -1 or more.
 *   Throws OutOfMemory with nothing changed.
 */
export function mergeChains(
  slabs: Slabs,
  into: number,
  from: number,
  depth: number,
  index: number,
): number {
  entryCount = 0;
  spareCount = 0;
  gather(slabs, into);
  const fromStart = entryCount;
  gather(slabs, from);
  const isOneMissing = overflowBuckets(entryCount) > spareCount;
  if (isOneMissing) addSpare(slabs.alloc(BUCKET_BYTES));

  const shift = tagShift(depth);
  if (shift !== tagShift(depth + 1)) {
    for (let i = 0; i < entryCount; i++) {
      const low = (i < fromStart ? index : index | (1 << depth)) >>> shift;
      tags[i] = tagOf(low | ((tags[i] & TAG_HASH_BITS) << TAG_STEP), 0);
    }
  }
  fill(slabs, into, 0, entryCount);
  return freeSpares(slabs) - (isOneMissing ? 1 : 0);
}

/** Adds the entries of a chain and its buckets, but for the first, to the scratch memory. */
function gather(slabs: Slabs, first: number): void {
  let bucket = first;
  for (;;) {
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    const occupied = occupiedSlots(words, at);
    // Twice the room, since a split fills the scratch memory from both ends while it reads it.
    if (2 * (entryCount + BUCKET_SLOTS) > entries.length) growScratch();
    for (let slot = 0; slot < occupied; slot++) {
      entries[entryCount] = words[at + ENTRY_WORDS + slot];
      tags[entryCount] = tagAt(words, at, slot);
      entryCount++;
    }
    const next = words[at];
    if (next === 0) return;
    addSpare(next);
    bucket = next;
  }
}

/** The hashes of all entries that have been gathered. */
function hashGathered(slabs: Slabs, seed: HashSeed): void {
  // Something of each entry is read before the first is hashed, so that their cache misses overlap.
  for (let i = 0; i < entryCount; i++) {
    hashes[i] = keyLengthAt(slabs.words[pageOf(entries[i])], wordOffset(entries[i]));
  }
  for (let i = 0; i < entryCount; i++) {
    const page = pageOf(entries[i]);
    const start = keyOffsetAt(slabs.words[page], wordOffset(entries[i]));
    hashes[i] = hashBytes(seed, slabs.bytes[page], start, start + hashes[i]);
  }
}

/** Makes a chain of the gathered entries `[start, end)`, with spare buckets where they are wanted. */
function fill(slabs: Slabs, first: number, start: number, end: number): void {
  let bucket = first;
  let i = start;
  for (;;) {
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    for (let slot = 0; slot < BUCKET_SLOTS; slot += 2, i += 2) {
      const even = i < end ? tags[i] : 0;
      const odd = i + 1 < end ? tags[i + 1] : 0;
      words[at + TAG_WORDS + (slot >>> 1)] = even | (odd << 16);
      if (i < end) words[at + ENTRY_WORDS + slot] = entries[i];
      if (i + 1 < end) words[at + ENTRY_WORDS + slot + 1] = entries[i + 1];
    }
    if (i >= end) {
      words[at] = 0;
      return;
    }
    bucket = spares[--spareCount];
    words[at] = bucket;
  }
}

/** Frees the buckets that are left over; returns how many they were. */
function freeSpares(slabs: Slabs): number {
  const freed = spareCount;
  while (spareCount > 0) slabs.free(spares[--spareCount]);
  return freed;
}

function addSpare(bucket: number): void {
  if (spareCount === spares.length) {
    const longer = new Int32Array(spares.length * 2);
    longer.set(spares);
    spares = longer;
  }
  spares[spareCount++] = bucket;
}

function growScratch(): void {
  const longerEntries = new Int32Array(entries.length * 2);
  longerEntries.set(entries);
  entries = longerEntries;
  const longerTags = new Uint16Array(entries.length);
  longerTags.set(tags);
  tags = longerTags;
  hashes = new Int32Array(entries.length);
}
