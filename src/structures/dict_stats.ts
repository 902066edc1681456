/** Figures of a dict's table, for DEBUG HTSTATS and tests. */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { occupiedSlots } from "./bucket.ts";
import type { BucketArray } from "./bucket_array.ts";

export interface DictStats {
  readonly entries: number;
  readonly buckets: number;
  /** Buckets that are not the first of their chain. */
  readonly overflowBuckets: number;
  /** Element n: how many chains have n entries. */
  readonly chainLengths: readonly number[];
}

export function dictStats(
  slabs: Slabs,
  buckets: BucketArray,
  entries: number,
  overflowBuckets: number,
): DictStats {
  const chainLengths: number[] = [];
  for (let index = 0; index < buckets.count; index++) {
    let length = 0;
    let bucket = buckets.at(index);
    while (bucket !== 0) {
      const words = slabs.words[pageOf(bucket)];
      const at = wordOffset(bucket);
      length += occupiedSlots(words, at);
      bucket = words[at];
    }
    while (chainLengths.length <= length) chainLengths.push(0);
    chainLengths[length]++;
  }
  return { entries, buckets: buckets.count, overflowBuckets, chainLengths };
}
