/**
 * A growable array of buckets in slab memory that never copies much at a time.
 *
 * Up to 1024 buckets lie in one segment, whose size doubles as they become more. After that there are
 * segments of 1024 buckets (64 KiB), found through a directory: a block with the handles of the
 * segments, which also doubles. An empty array holds no memory.
 *
 *   up to 1024 buckets   #root ---> | bucket | bucket | ...
 *   more                 #root ---> | segment | segment | ...      #directoryCapacity > 0
 *                                       |
 *                                       +---> | bucket | bucket | ... 1024 of them
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import { OUT_OF_MEMORY, type Slabs } from "../memory/slab.ts";
import { BUCKET_BYTES, BUCKET_UNITS_SHIFT, clearBucket } from "./bucket.ts";

const SEGMENT_SHIFT = 10;
const SEGMENT_BUCKETS = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK = SEGMENT_BUCKETS - 1;
const SEGMENT_BYTES = SEGMENT_BUCKETS * BUCKET_BYTES;
const FIRST_DIRECTORY_CAPACITY = 16;

export class BucketArray {
  readonly #slabs: Slabs;
  /** How many buckets there are. */
  count = 0;
  /** The only segment, or the directory; 0 while there is none. */
  #root = 0;
  /** Segments for which the directory has room; 0 while there is no directory. */
  #directoryCapacity = 0;
  /** Buckets for which there is room. */
  #capacity = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** Bytes of all blocks that are held. */
  get memoryBytes(): number {
    return this.#capacity * BUCKET_BYTES +
      (this.#directoryCapacity === 0 ? 0 : this.#slabs.sizeOf(this.#root));
  }

  /** The handle of a bucket, 0 <= index < count. */
  at(index: number): number {
    const root = this.#root;
    if (this.#directoryCapacity === 0) return root + (index << BUCKET_UNITS_SHIFT);
    const segment = this.#slabs.words[pageOf(root)][wordOffset(root) + (index >>> SEGMENT_SHIFT)];
    return segment + ((index & SEGMENT_MASK) << BUCKET_UNITS_SHIFT);
  }

  /** Adds an empty bucket at the end and returns its handle. Throws OutOfMemory with nothing changed. */
  push(): number {
    if (this.count === this.#capacity) this.#grow();
    const bucket = this.at(this.count++);
    clearBucket(this.#slabs, bucket);
    return bucket;
  }

  /** Drops the last bucket. What it refers to is not freed. */
  pop(): void {
    this.count--;
    if (this.#directoryCapacity !== 0) {
      if (this.count <= this.#capacity - SEGMENT_BUCKETS) this.#dropSegment();
    } else if (this.count === 0) {
      this.#slabs.free(this.#root);
      this.#root = 0;
      this.#capacity = 0;
    } else if (this.count <= this.#capacity >>> 1) {
      this.#shrink();
    }
  }

  /** Moves the blocks through which a bucket is found to denser places, if compaction wants that. */
  compact(index: number): void {
    const slabs = this.#slabs;
    if (this.#root === 0) return;
    if (slabs.shouldMove(this.#root)) this.#root = slabs.move(this.#root);
    if (this.#directoryCapacity === 0) return;
    const words = slabs.words[pageOf(this.#root)];
    const at = wordOffset(this.#root) + (index >>> SEGMENT_SHIFT);
    if (slabs.shouldMove(words[at])) words[at] = slabs.move(words[at]);
  }

  #grow(): void {
    const slabs = this.#slabs;
    if (this.#capacity < SEGMENT_BUCKETS) {
      const capacity = this.#capacity === 0 ? 1 : this.#capacity * 2;
      const bytes = capacity * BUCKET_BYTES;
      this.#root = this.#root === 0 ? slabs.alloc(bytes) : slabs.resize(this.#root, bytes);
      this.#capacity = capacity;
      return;
    }
    const segment = slabs.alloc(SEGMENT_BYTES);
    const segments = this.#capacity >>> SEGMENT_SHIFT;
    try {
      this.#reserveDirectory(segments + 1);
    } catch (failure) {
      slabs.free(segment);
      throw failure;
    }
    slabs.words[pageOf(this.#root)][wordOffset(this.#root) + segments] = segment;
    this.#capacity += SEGMENT_BUCKETS;
  }

  #reserveDirectory(segments: number): void {
    const slabs = this.#slabs;
    if (this.#directoryCapacity === 0) {
      const directory = slabs.alloc(FIRST_DIRECTORY_CAPACITY * 4);
      slabs.words[pageOf(directory)][wordOffset(directory)] = this.#root;
      this.#root = directory;
      this.#directoryCapacity = FIRST_DIRECTORY_CAPACITY;
    } else if (segments > this.#directoryCapacity) {
      this.#root = slabs.resize(this.#root, this.#directoryCapacity * 2 * 4);
      this.#directoryCapacity *= 2;
    }
  }

  /** Gives back the last segment, and the directory when one segment is left. */
  #dropSegment(): void {
    const slabs = this.#slabs;
    const words = slabs.words[pageOf(this.#root)];
    const at = wordOffset(this.#root);
    this.#capacity -= SEGMENT_BUCKETS;
    slabs.free(words[at + (this.#capacity >>> SEGMENT_SHIFT)]);
    if (this.#capacity > SEGMENT_BUCKETS) return;
    const segment = words[at];
    slabs.free(this.#root);
    this.#root = segment;
    this.#directoryCapacity = 0;
  }

  /** Less room in the only segment. That takes another block: without memory for it, all stays. */
  #shrink(): void {
    let capacity = this.#capacity;
    while (this.count <= capacity >>> 1) capacity >>>= 1;
    try {
      this.#root = this.#slabs.resize(this.#root, capacity * BUCKET_BYTES);
      this.#capacity = capacity;
    } catch (failure) {
      // The segment is larger than it need be, as it was before.
      if (failure !== OUT_OF_MEMORY) throw failure;
    }
  }
}
