/** What is left of a dict that has been emptied at once: its table and entries, to be freed in slices. */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { ENTRY_WORDS, occupiedSlots } from "./bucket.ts";
import type { BucketArray } from "./bucket_array.ts";

export class DetachedTable {
  /** Entries that have not been freed yet. */
  size: number;
  readonly buckets: BucketArray;

  constructor(buckets: BucketArray, size: number) {
    this.buckets = buckets;
    this.size = size;
  }
}

/**
 * Frees up to `count` buckets and the entries in them.
 *
 * @param freeEntry Frees an entry and what belongs to it.
 * @returns Whether nothing is left.
 */
export function freeSome(
  slabs: Slabs,
  table: DetachedTable,
  count: number,
  freeEntry: (entry: number) => void,
): boolean {
  const { buckets } = table;
  for (let i = 0; i < count && buckets.count > 0; i++) {
    const first = buckets.at(buckets.count - 1);
    let bucket = first;
    while (bucket !== 0) {
      const words = slabs.words[pageOf(bucket)];
      const at = wordOffset(bucket);
      const occupied = occupiedSlots(words, at);
      const next = words[at];
      for (let slot = 0; slot < occupied; slot++) freeEntry(words[at + ENTRY_WORDS + slot]);
      table.size -= occupied;
      if (bucket !== first) slabs.free(bucket);
      bucket = next;
    }
    buckets.pop();
  }
  return buckets.count === 0;
}
