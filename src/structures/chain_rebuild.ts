/**
 * Splitting a chain of buckets into two, and merging two into one.
 *
 * The entries are gathered into scratch memory and written back, into the very buckets that they came
 * from: a split needs no memory, a merge one bucket at the most, and that is allocated before anything
 * changes. So neither can fail half way.
 */
import { hashBytes, type HashSeed } from "../memory/hash.ts";
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  BUCKET_BYTES,
  BUCKET_SLOTS,
  ENTRY_WORDS,
  occupiedSlots,
  TAG_WORDS,
  tagAt,
  tagOf,
} from "./bucket.ts";
import { keyLengthAt, keyOffsetAt } from "./entry.ts";

/** Scratch memory, which never survives a call; it grows with the longest chain there has been. */
let entries = new Int32Array(64);
let tags = new Uint8Array(64);
let keyLengths = new Int32Array(64);
/** Buckets other than the first ones of the chains. */
let spares = new Int32Array(16);
let entryCount = 0;
let spareCount = 0;

/**
 * Moves those entries of the chain `from` whose hash has the bit `bit` to `to`, an empty bucket.
 *
 * @returns By how many buckets, the first ones not counted, there are fewer now.
 */
export function splitChain(
  slabs: Slabs,
  seed: HashSeed,
  from: number,
  to: number,
  bit: number,
): number {
  entryCount = 0;
  spareCount = 0;
  gather(slabs, from);
  // Reads of all entries before the hash of any: their cache misses then overlap.
  for (let i = 0; i < entryCount; i++) {
    const entry = entries[i];
    keyLengths[i] = keyLengthAt(slabs.words[pageOf(entry)], wordOffset(entry));
  }
  // Those that stay come first, the others are collected from the end of the scratch memory.
  let stay = 0;
  let moveFrom = entries.length;
  for (let i = 0; i < entryCount; i++) {
    const entry = entries[i];
    const page = pageOf(entry);
    const start = keyOffsetAt(slabs.words[page], wordOffset(entry));
    const hash = hashBytes(seed, slabs.bytes[page], start, start + keyLengths[i]);
    const target = (hash & bit) === 0 ? stay++ : --moveFrom;
    entries[target] = entry;
    tags[target] = tagOf(hash);
  }
  fill(slabs, from, 0, stay);
  fill(slabs, to, moveFrom, entries.length);
  return freeSpares(slabs);
}

/**
 * Moves all entries of the chain `from` to the chain `into`. The first bucket of `from` is not freed.
 *
 * @returns By how many buckets, the first ones not counted, there are fewer now: -1 or more.
 *   Throws OutOfMemory with nothing changed.
 */
export function mergeChains(slabs: Slabs, into: number, from: number): number {
  entryCount = 0;
  spareCount = 0;
  gather(slabs, into);
  gather(slabs, from);
  const isOneMissing = Math.ceil(entryCount / BUCKET_SLOTS) - 1 > spareCount;
  if (isOneMissing) addSpare(slabs.alloc(BUCKET_BYTES));
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

/** Makes a chain of the gathered entries `[start, end)`, with spare buckets where they are wanted. */
function fill(slabs: Slabs, first: number, start: number, end: number): void {
  let bucket = first;
  let i = start;
  for (;;) {
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    const stop = Math.min(i + BUCKET_SLOTS, end);
    for (let word = 0, slot = i; word < 3; word++) {
      let four = 0;
      for (let shift = 0; shift < 32 && slot < stop; shift += 8) four |= tags[slot++] << shift;
      words[at + TAG_WORDS + word] = four;
    }
    for (let to = at + ENTRY_WORDS; i < stop; i++, to++) words[to] = entries[i];
    if (i === end) {
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
  const longerTags = new Uint8Array(entries.length);
  longerTags.set(tags);
  tags = longerTags;
  keyLengths = new Int32Array(entries.length);
}
