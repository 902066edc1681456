/**
 * The dict: the one hash table of the server, off the heap, over entries.
 *
 * It grows by linear hashing (W. Litwin, 1980): one bucket at a time, by splitting the bucket whose
 * turn it is, and shrinks by merging the last bucket with the one it was split from. So there are
 * never two tables, no step does more than a bucket's work, and memory follows the number of entries
 * closely; what it costs is that buckets not yet split hold up to twice as many entries as the others.
 *
 * With B buckets and 2^k the smallest power of two that is not below B, an entry is in bucket
 * `hash mod 2^k` if there is one of that number, else in `hash mod 2^(k-1)`:
 *
 *   B = 6    bucket    0    1    2    3    4    5
 *            hashes  000  001  x10  x11  100  101        next: 2 is split into 010 and 110
 *
 * In other words: the buckets are the leaves of a binary tree over the hash's bits, lowest first.
 * {@link Dict.scan} walks the leaves from left to right, and splits and merges do not change their
 * order; that is why its cursors stay valid whatever happens in between.
 *
 * Buckets are drawn in `bucket.ts`, the array of them in `bucket_array.ts`. The hash is seeded, so
 * that nobody can choose keys that all meet in one bucket.
 */
import { hashBytes, type HashSeed } from "../memory/hash.ts";
import { OFFSET_MASK, PAGE_SHIFT, pageOf, wordOffset } from "../memory/handle.ts";
import { OUT_OF_MEMORY, type Slabs } from "../memory/slab.ts";
import {
  BUCKET_BYTES,
  BUCKET_SLOTS,
  ENTRY_WORDS,
  firstSlot,
  nextBucket,
  slotsWithTag,
  tagOf,
  tagShift,
} from "./bucket.ts";
import { BucketArray } from "./bucket_array.ts";
import {
  appendToChain,
  chainLength,
  overflowBuckets,
  removeFromChain,
  slotOfEntry,
} from "./chain.ts";
import { mergeChains, splitChain } from "./chain_rebuild.ts";
import { DetachedTable } from "./detached_table.ts";
import { randomEntry, sampleEntries } from "./dict_random.ts";
import { cursorAfter, rewriteChain, visitChain } from "./dict_scan.ts";
import { type DictStats, dictStats } from "./dict_stats.ts";
import { hasKeyAt, keyLength, keyOffset } from "./entry.ts";

export { DetachedTable, freeSome } from "./detached_table.ts";
export type { DictStats } from "./dict_stats.ts";

/** Entries per bucket above which the dict grows, and below which it shrinks. */
const GROW_LOAD = 7;
const SHRINK_LOAD = 3;

export class Dict {
  readonly #slabs: Slabs;
  readonly #seed: HashSeed;
  #buckets: BucketArray;
  /** 2^k - 1 for the smallest 2^k that is not below the number of buckets. */
  #mask = 0;
  /** Where tags begin in buckets that k bits have led to, and in those not yet split, at k - 1 bits. */
  #tagShift = 0;
  #unsplitTagShift = 0;
  #size = 0;
  /** Buckets that are not the first of their chain. */
  #overflowBuckets = 0;
  #pauses = 0;

  constructor(slabs: Slabs, seed: HashSeed) {
    this.#slabs = slabs;
    this.#seed = seed;
    this.#buckets = new BucketArray(slabs);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the table's blocks; entries are not counted. */
  get memoryBytes(): number {
    return this.#buckets.memoryBytes + this.#overflowBuckets * BUCKET_BYTES;
  }

  // -------------------------------------------------------------- entries

  /** The hash of a key, as the other methods want it. */
  hash(buf: Uint8Array, start: number, end: number): number {
    return hashBytes(this.#seed, buf, start, end);
  }

  /** The entry of the key `buf[start, end)`, whose hash is `hash`; 0 when there is none. */
  find(buf: Uint8Array, start: number, end: number, hash: number): number {
    if (this.#size === 0) return 0;
    const { words, bytes } = this.#slabs;
    const index = this.#indexOf(hash);
    const tag = this.#tagFor(index, hash);
    let bucket = this.#buckets.at(index);
    do {
      const bucketWords = words[bucket >>> PAGE_SHIFT];
      const at = (bucket & OFFSET_MASK) << 1;
      for (let slots = slotsWithTag(bucketWords, at, tag); slots !== 0; slots &= slots - 1) {
        const entry = bucketWords[at + ENTRY_WORDS + firstSlot(slots)];
        const page = entry >>> PAGE_SHIFT;
        const entryAt = (entry & OFFSET_MASK) << 1;
        if (hasKeyAt(bytes[page], words[page], entryAt, buf, start, end)) return entry;
      }
      bucket = bucketWords[at];
    } while (bucket !== 0);
    return 0;
  }

  /** Adds an entry whose key, of hash `hash`, is not there yet. Throws OutOfMemory with nothing changed. */
  insert(hash: number, entry: number): void {
    if (this.#buckets.count === 0) this.#buckets.push();
    const index = this.#indexOf(hash);
    const tag = this.#tagFor(index, hash);
    this.#overflowBuckets += appendToChain(this.#slabs, this.#buckets.at(index), tag, entry);
    this.#size++;
    if (this.#isCrowded() && this.#pauses === 0) this.#grow();
  }

  /** The entry `oldEntry`, of hash `hash`, is `newEntry` now: it has moved, or has another value. */
  replace(hash: number, oldEntry: number, newEntry: number): void {
    const slabs = this.#slabs;
    const index = this.#indexOf(hash);
    const tag = this.#tagFor(index, hash);
    let bucket = this.#buckets.at(index);
    let slot = slotOfEntry(slabs, bucket, tag, oldEntry);
    while (slot < 0) {
      bucket = nextBucket(slabs, bucket);
      slot = slotOfEntry(slabs, bucket, tag, oldEntry);
    }
    slabs.words[pageOf(bucket)][wordOffset(bucket) + ENTRY_WORDS + slot] = newEntry;
  }

  /** Takes out an entry of hash `hash`, which must be there. The entry itself is not freed. */
  remove(hash: number, entry: number): void {
    const index = this.#indexOf(hash);
    const tag = this.#tagFor(index, hash);
    this.#overflowBuckets -= removeFromChain(this.#slabs, this.#buckets.at(index), tag, entry);
    this.#size--;
    if (this.#isSparse() && this.#pauses === 0) this.#shrink();
  }

  // -------------------------------------------------------------- walks

  /**
   * Visits one bucket's entries; `visit` must not change the dict.
   *
   * Called again and again with the cursor returned, from 0 until it is 0 again, it visits every
   * entry that is in the dict all the while at least once. Entries that come or go meanwhile may be
   * visited or not; where buckets are merged, some are visited twice.
   *
   * @param cursor 0, or what the call before has returned; any other number does no harm.
   * @returns The next cursor, an unsigned integer; 0: done.
   */
  scan(cursor: number, visit: (entry: number) => void): number {
    if (this.#buckets.count === 0) return 0;
    visitChain(this.#slabs, this.#buckets.at(this.#indexOf(cursor)), visit);
    return this.#cursorAfter(cursor);
  }

  /**
   * As {@link scan}, for walks that change what they visit: `visit` returns the entry's handle, a new
   * one when it has moved the entry, or 0 when it has freed it. Blocks of the table that compaction
   * wants away are moved, too. `visit` must not change the dict by itself.
   */
  scanSlots(cursor: number, visit: (entry: number) => number): number {
    if (this.#buckets.count === 0) return 0;
    const index = this.#indexOf(cursor);
    this.#buckets.compact(index);
    const first = this.#buckets.at(index);
    const length = chainLength(this.#slabs, first);
    const removed = rewriteChain(this.#slabs, first, visit);
    this.#size -= removed;
    this.#overflowBuckets -= overflowBuckets(length) - overflowBuckets(length - removed);
    const next = this.#cursorAfter(cursor);
    for (let i = 0; i < removed && this.#isSparse() && this.#pauses === 0; i++) this.#shrink();
    return next;
  }

  /** Visits all entries; `visit` must not change the dict. */
  forEach(visit: (entry: number) => void): void {
    let cursor = 0;
    do cursor = this.scan(cursor, visit); while (cursor !== 0);
  }

  // -------------------------------------------------------------- cells

  /**
   * The number of low bits of the hash that lead to every bucket at least. They divide the entries
   * into cells of one or two buckets each, which stay what they are however the table grows or
   * shrinks: a cell is all entries whose hashes have the same low bits. 0 to 31.
   */
  get cellBits(): number {
    return Math.max(0, this.#depth - 1);
  }

  /**
   * Visits the entries of a cell; `visit` must not change the dict.
   *
   * @param cell The low bits of the hashes; @param bits how many, as {@link cellBits} is or has been.
   */
  visitCell(cell: number, bits: number, visit: (entry: number) => void): void {
    const { count } = this.#buckets;
    if (count === 0) return;
    const slabs = this.#slabs;
    const first = this.#indexOf(cell);
    const depth = this.#isSplit(first) ? this.#depth : Math.max(0, this.#depth - 1);
    if (depth >= bits) {
      for (let index = first; index < count; index += 2 ** bits) {
        visitChain(slabs, this.#buckets.at(index), visit);
      }
      return;
    }
    // Buckets have been merged: this one holds entries of other cells, too.
    const mask = 2 ** bits - 1;
    visitChain(slabs, this.#buckets.at(first), (entry) => {
      const bytes = slabs.bytes[pageOf(entry)];
      const start = keyOffset(slabs, entry);
      const hash = this.hash(bytes, start, start + keyLength(slabs, entry));
      if ((hash & mask) === cell) visit(entry);
    });
  }

  // -------------------------------------------------------------- random entries

  /**
   * A random entry, each as likely as any other; 0 when there is none.
   *
   * @param random32 Gives 32 random bits, signed or not.
   */
  random(random32: () => number): number {
    return this.#size === 0 ? 0 : randomEntry(this.#slabs, this.#buckets, random32);
  }

  /**
   * Up to `count` different entries that lie side by side, for eviction: much cheaper than as many
   * calls of {@link random}, but neighbours come together.
   *
   * @param out Receives the entries; must have room for `count`.
   * @returns How many there are: the lesser of `count` and the size.
   */
  sample(count: number, out: Int32Array, random32: () => number): number {
    const found = Math.min(count, this.#size);
    if (found > 0) sampleEntries(this.#slabs, this.#buckets, found, out, random32);
    return found;
  }

  // -------------------------------------------------------------- rehashing

  /** Whether the number of buckets is not yet what the number of entries asks for. */
  get isRehashing(): boolean {
    return this.#isCrowded() || this.#isSparse();
  }

  /**
   * Splits or merges up to `count` buckets where that is due, which inserting and removing do by
   * themselves, one at a time. Nothing happens while rehashing is paused.
   *
   * @returns Whether there is more to do.
   */
  rehashStep(count: number): boolean {
    for (let i = 0; i < count && this.#pauses === 0; i++) {
      const hasChanged = this.#isCrowded() ? this.#grow() : this.#isSparse() && this.#shrink();
      if (!hasChanged) return false;
    }
    return this.#pauses === 0 && this.isRehashing;
  }

  /** The number of buckets stays as it is until {@link resumeRehash} has been called as often. */
  pauseRehash(): void {
    this.#pauses++;
  }

  resumeRehash(): void {
    this.#pauses--;
  }

  // -------------------------------------------------------------- the whole table

  /**
   * Leaves the dict empty and hands over all it had, to be freed in slices with {@link freeSome};
   * null when it was empty.
   */
  detach(): DetachedTable | null {
    if (this.#buckets.count === 0) return null;
    const table = new DetachedTable(this.#buckets, this.#size);
    this.#buckets = new BucketArray(this.#slabs);
    this.#setDepth(0);
    this.#size = 0;
    this.#overflowBuckets = 0;
    return table;
  }

  /** What DEBUG HTSTATS tells; looks at every bucket. */
  stats(): DictStats {
    return dictStats(this.#slabs, this.#buckets, this.#size, this.#overflowBuckets);
  }

  // -------------------------------------------------------------- buckets

  /** The bucket of a hash, or of a cursor. There must be one. */
  #indexOf(hash: number): number {
    const index = hash & this.#mask;
    return index < this.#buckets.count ? index : index & (this.#mask >>> 1);
  }

  /** The tag of a hash in the bucket `index`. */
  #tagFor(index: number, hash: number): number {
    // The two shifts mostly are the same; only then must it be known how deep the bucket is.
    if (this.#tagShift === this.#unsplitTagShift || this.#isSplit(index)) {
      return tagOf(hash, this.#tagShift);
    }
    return tagOf(hash, this.#unsplitTagShift);
  }

  /** Whether k bits lead to the bucket of a hash or an index, and not k - 1. */
  #isSplit(hash: number): boolean {
    const half = this.#mask >>> 1;
    return (hash & half) + half + 1 < this.#buckets.count;
  }

  /** Sets k. */
  #setDepth(bits: number): void {
    this.#mask = 2 ** bits - 1;
    this.#tagShift = tagShift(bits);
    this.#unsplitTagShift = tagShift(Math.max(0, bits - 1));
  }

  /** k, the number of bits that lead to a bucket that has been split. */
  get #depth(): number {
    return 32 - Math.clz32(this.#mask);
  }

  #isCrowded(): boolean {
    return this.#size > this.#buckets.count * GROW_LOAD + (BUCKET_SLOTS - GROW_LOAD);
  }

  /** The only bucket is one too many when there is no entry. */
  #isSparse(): boolean {
    const { count } = this.#buckets;
    return count > 1 ? this.#size < count * SHRINK_LOAD : count > this.#size;
  }

  /** Adds a bucket and splits the one whose turn it is. False when there is no memory for that. */
  #grow(): boolean {
    const index = this.#buckets.count;
    let added: number;
    try {
      added = this.#buckets.push();
    } catch (failure) {
      // The dict goes on with the buckets it has, a little slower.
      if (failure === OUT_OF_MEMORY) return false;
      throw failure;
    }
    if (index > this.#mask) this.#setDepth(this.#depth + 1);
    const split = this.#buckets.at(index & (this.#mask >>> 1));
    this.#overflowBuckets -= splitChain(this.#slabs, this.#seed, split, added, this.#depth - 1);
    return true;
  }

  /** Merges the last bucket with the one it was split from. False when there is no memory for that. */
  #shrink(): boolean {
    const last = this.#buckets.count - 1;
    if (last > 0) {
      const depth = this.#depth - 1;
      const index = last & (this.#mask >>> 1);
      const into = this.#buckets.at(index);
      try {
        this.#overflowBuckets -= mergeChains(
          this.#slabs,
          into,
          this.#buckets.at(last),
          depth,
          index,
        );
      } catch (failure) {
        if (failure === OUT_OF_MEMORY) return false;
        throw failure;
      }
      if (index === 0) this.#setDepth(depth);
    }
    this.#buckets.pop();
    return true;
  }

  #cursorAfter(cursor: number): number {
    return cursorAfter(cursor, this.#isSplit(cursor) ? this.#mask : this.#mask >>> 1);
  }
}
