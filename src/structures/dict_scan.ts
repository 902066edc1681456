/** The parts of a dict's walks: what happens in one chain, and which one is next. */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { ENTRY_WORDS, occupiedSlots } from "./bucket.ts";
import { emptySlot } from "./chain.ts";

/**
 * The cursor that follows, 0 after the last one.
 *
 * A walk goes through the buckets in the order of their numbers with the bits reversed. Those that a
 * bucket is split into then follow each other in its place, so that whatever is split or merged, all
 * before the cursor has been visited and nothing behind it.
 *
 * @param mask The bits of the cursor that have led to the bucket it points to.
 * @returns An unsigned integer.
 */
export function cursorAfter(cursor: number, mask: number): number {
  return reverseBits(reverseBits(cursor | ~mask) + 1) >>> 0;
}

/** Visits the entries of a chain, which must not change. */
export function visitChain(slabs: Slabs, first: number, visit: (entry: number) => void): void {
  let bucket = first;
  while (bucket !== 0) {
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    const occupied = occupiedSlots(words, at);
    for (let slot = 0; slot < occupied; slot++) visit(words[at + ENTRY_WORDS + slot]);
    bucket = words[at];
  }
}

/**
 * Lets `visit` keep (by returning the same handle), replace (by another one) or remove (by 0) each
 * entry of a chain. Moves the chain's buckets, but for the first, where compaction wants them away.
 *
 * @returns How many entries were removed.
 */
export function rewriteChain(
  slabs: Slabs,
  first: number,
  visit: (entry: number) => number,
): number {
  let removed = 0;
  let bucket = first;
  let previous = 0;
  while (bucket !== 0) {
    if (previous !== 0 && slabs.shouldMove(bucket)) {
      bucket = slabs.move(bucket);
      slabs.words[pageOf(previous)][wordOffset(previous)] = bucket;
    }
    const words = slabs.words[pageOf(bucket)];
    const at = wordOffset(bucket);
    let slot = 0;
    while (slot < occupiedSlots(words, at)) {
      const visited = visit(words[at + ENTRY_WORDS + slot]);
      if (visited !== 0) {
        words[at + ENTRY_WORDS + slot] = visited;
        slot++;
        continue;
      }
      // The last entry of the chain comes into this slot, and so is the next to be visited.
      const isLastBucket = words[at] === 0;
      const freedBuckets = emptySlot(slabs, first, bucket, slot);
      removed++;
      if (isLastBucket && freedBuckets > 0) return removed;
    }
    previous = bucket;
    bucket = words[at];
  }
  return removed;
}

/** The 32 bits of a number in the opposite order, as a signed integer. */
function reverseBits(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}
