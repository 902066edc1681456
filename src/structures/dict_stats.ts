/** Figures of a dict's table, for DEBUG HTSTATS and tests. */
import type { Slabs } from "../memory/slab.ts";
import type { BucketArray } from "./bucket_array.ts";
import { chainLength } from "./chain.ts";

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
    const length = chainLength(slabs, buckets.at(index));
    while (chainLengths.length <= length) chainLengths.push(0);
    chainLengths[length]++;
  }
  return { entries, buckets: buckets.count, overflowBuckets, chainLengths };
}
