/** Picking entries of a dict at random: one fairly, or several cheaply. */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { BUCKET_SLOTS, ENTRY_WORDS, occupiedSlots } from "./bucket.ts";
import type { BucketArray } from "./bucket_array.ts";
import { chainLength, entryAt } from "./chain.ts";

/** Chains are hardly ever longer than this. */
const CHAIN_SLOTS = 3 * BUCKET_SLOTS;
const LAST_SLOTS = CHAIN_SLOTS - BUCKET_SLOTS;

/**
 * An entry, each as likely as any other; there must be one.
 *
 * Picks a bucket and a position in its chain until there is an entry, some six times on average. That
 * is fair because each position is as likely as any other, whatever the length of its chain. Of a
 * chain with more than CHAIN_SLOTS entries the last ones share the chance of those up to that limit.
 */
export function randomEntry(slabs: Slabs, buckets: BucketArray, random32: () => number): number {
  for (;;) {
    const first = buckets.at(below(buckets.count, random32));
    let position = below(CHAIN_SLOTS, random32);
    if (position >= LAST_SLOTS) {
      const beyond = chainLength(slabs, first) - LAST_SLOTS;
      if (beyond > BUCKET_SLOTS) position = LAST_SLOTS + below(beyond, random32);
    }
    const entry = entryAt(slabs, first, position);
    if (entry !== 0) return entry;
  }
}

/**
 * Entries that lie side by side, from a random one on.
 *
 * @param count How many; there must be as many.
 */
export function sampleEntries(
  slabs: Slabs,
  buckets: BucketArray,
  count: number,
  out: Int32Array,
  random32: () => number,
): void {
  let index = below(buckets.count, random32);
  // Beginning in the middle of a chain gives its last entries the same chance as its first ones; when
  // the walk comes round to this chain again, it takes those that it has passed over.
  let passedOver = below(chainLength(slabs, buckets.at(index)), random32);
  let found = 0;
  while (found < count) {
    let bucket = buckets.at(index);
    while (bucket !== 0) {
      const words = slabs.words[pageOf(bucket)];
      const at = wordOffset(bucket);
      const occupied = occupiedSlots(words, at);
      for (let slot = passedOver; slot < occupied && found < count; slot++) {
        out[found++] = words[at + ENTRY_WORDS + slot];
      }
      passedOver = Math.max(0, passedOver - occupied);
      bucket = words[at];
    }
    index = index + 1 < buckets.count ? index + 1 : 0;
  }
}

/** A random integer from 0 to `bound - 1`. */
export function below(bound: number, random32: () => number): number {
  return Math.floor((random32() >>> 0) * (bound / 2 ** 32));
}
