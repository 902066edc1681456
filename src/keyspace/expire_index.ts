/**
 * Entries in the order in which they fall due: the keys of a database that will expire, the fields of
 * a big hash that will, or the hashes of a database by the field that falls due first.
 *
 * A 4-ary min-heap whose nodes lie in slab blocks of 64 KiB, so that it grows without ever being
 * copied. Each node is 16 bytes:
 *
 *   word 0  due time in ms, low half      word 2  handle of the entry
 *   word 1  due time in ms, high half     word 3  unused, keeps nodes from straddling a cache line
 *
 * Each entry knows its node, so a changed or removed expiry is found at once: a volatile entry in its
 * word 4, a hash of which fields are volatile in the word beside its value's handle. Why a heap and not a timing wheel: due times that lie close together far in the future
 * would all have to be moved down the wheel in one turn shortly before they fall due, and inside a
 * slot the order is lost; the heap keeps the exact order, costs O(1) for the usual push (a due time
 * later than most) and O(log4 n) for the rest. Why an index at all, where Redis samples: a key then
 * goes when it is due, whatever the number of volatile keys that are not.
 */
import type { Slabs } from "../memory/slab.ts";
import { EXPIRE_NODE_WORD, valueLengthWord } from "../structures/entry.ts";

const SEGMENT_BITS = 12;
const SEGMENT_NODES = 1 << SEGMENT_BITS;
const SEGMENT_MASK = SEGMENT_NODES - 1;
const NODE_BYTES = 16;
/** The first segment starts with this many nodes and doubles: many databases hold few volatile keys. */
const FIRST_NODES = 16;

const TWO_32 = 2 ** 32;

export class ExpireIndex {
  readonly #slabs: Slabs;
  readonly #ofHashes: boolean;
  /** Segments' pages' words, and word offsets of the segments in them. */
  #pages: Int32Array[] = [];
  #offsets: number[] = [];
  readonly #handles: number[] = [];
  #size = 0;
  /** Nodes for which there is room. */
  #capacity = 0;

  /** @param ofHashes Whether its entries are hashes that by themselves need not be volatile. */
  constructor(slabs: Slabs, ofHashes = false) {
    this.#slabs = slabs;
    this.#ofHashes = ofHashes;
  }

  /** How many entries are volatile. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of slab memory held. */
  get memoryBytes(): number {
    return this.#capacity * NODE_BYTES;
  }

  /** When the first entry falls due, wall clock in ms; Infinity when there is none. */
  get nextDueMs(): number {
    return this.#size === 0 ? Infinity : this.#dueAt(0);
  }

  /** The entry that falls due first; 0 when there is none. */
  get first(): number {
    return this.#size === 0 ? 0 : this.#pages[0][this.#offsets[0] + 2];
  }

  /** The entry of any node, for walks and random sampling; 0 <= index < size. */
  at(index: number): number {
    return this.#pages[index >>> SEGMENT_BITS][this.#word(index) + 2];
  }

  /** Mean time to live of the volatile entries in ms, from a sample of nodes; 0 when there are none. */
  averageTtlMs(nowMs: number): number {
    const samples = Math.min(this.#size, 16);
    let sum = 0;
    for (let i = 0; i < samples; i++) {
      sum += Math.max(0, this.#dueAt(Math.floor(i * this.#size / samples)) - nowMs);
    }
    return samples === 0 ? 0 : Math.round(sum / samples);
  }

  /** When an entry in the index falls due. */
  dueOf(entry: number): number {
    return this.#dueAt(this.#nodeOf(entry));
  }

  /** How many entries are due at `nowMs`; O(that number). */
  countDue(nowMs: number, from = 0): number {
    if (from >= this.#size || this.#dueAt(from) > nowMs) return 0;
    let count = 1;
    for (let child = 1; child <= 4; child++) count += this.countDue(nowMs, (from << 2) + child);
    return count;
  }

  /** Makes room for one more entry, so that {@link add} does not fail. Throws OutOfMemory. */
  reserve(): void {
    if (this.#size === this.#capacity) this.#grow();
  }

  /** Whether an entry stands in the index; asked where an addition may have failed. */
  holds(entry: number): boolean {
    const index = this.#nodeOf(entry);
    return index >= 0 && index < this.#size && this.at(index) === entry;
  }

  /** Adds a volatile entry and sets its node word. Throws OutOfMemory before anything has changed. */
  add(entry: number, dueMs: number): void {
    this.reserve();
    const index = this.#size++;
    this.#siftUp(index, dueMs, entry);
  }

  /** The due time of an entry in the index has changed. */
  update(entry: number, dueMs: number): void {
    this.#place(this.#nodeOf(entry), dueMs, entry);
  }

  /** The entry has moved to another handle; its contents, the node word among them, have been copied. */
  moved(entry: number): void {
    const index = this.#nodeOf(entry);
    this.#pages[index >>> SEGMENT_BITS][this.#word(index) + 2] = entry;
  }

  /** As {@link moved}, of an entry that may not be in the index, for which nothing happens. */
  movedFrom(oldEntry: number, entry: number): void {
    const index = this.#nodeOf(entry);
    if (index < 0 || index >= this.#size || this.at(index) !== oldEntry) return;
    this.moved(entry);
  }

  /** Another entry takes the place of one in the index, with its due time. */
  replace(oldEntry: number, newEntry: number): void {
    const index = this.#nodeOf(oldEntry);
    this.#set(index, this.#dueAt(index), newEntry);
  }

  /** Takes an entry out. */
  remove(entry: number): void {
    const index = this.#nodeOf(entry);
    const last = --this.#size;
    if (index !== last) {
      const lastWords = this.#pages[last >>> SEGMENT_BITS];
      const lastEntry = lastWords[this.#word(last) + 2];
      this.#place(index, this.#dueAt(last), lastEntry);
    }
    // One spare segment stays, so that a size around a segment's end does not allocate each time.
    if (this.#size === 0) this.clear();
    else if (this.#size + 2 * SEGMENT_NODES <= this.#capacity) this.#shrink();
  }

  /** How many segments there are, for {@link compact}. */
  get segmentCount(): number {
    return this.#handles.length;
  }

  /** Moves a segment to a denser place, if compaction wants that; true when it has moved. */
  compact(segment: number): boolean {
    const handle = this.#handles[segment];
    if (!this.#slabs.shouldMove(handle)) return false;
    const moved = this.#slabs.move(handle);
    this.#setSegment(segment, moved);
    return moved !== handle;
  }

  /** Forgets everything and returns the memory. */
  clear(): void {
    this.#size = 0;
    while (this.#handles.length > 0) this.#shrink();
  }

  #grow(): void {
    if (this.#capacity > 0 && this.#capacity < SEGMENT_NODES) {
      const handle = this.#slabs.resize(this.#handles[0], this.#capacity * 2 * NODE_BYTES);
      this.#setSegment(0, handle);
      this.#capacity *= 2;
      return;
    }
    const nodes = this.#capacity === 0 ? FIRST_NODES : SEGMENT_NODES;
    this.#setSegment(this.#handles.length, this.#slabs.alloc(nodes * NODE_BYTES));
    this.#capacity += nodes;
  }

  #setSegment(segment: number, handle: number): void {
    this.#handles[segment] = handle;
    this.#pages[segment] = this.#slabs.words[handle >>> 19];
    this.#offsets[segment] = (handle & 0x7ffff) << 1;
  }

  #shrink(): void {
    this.#slabs.free(this.#handles.pop()!);
    this.#pages.pop();
    this.#offsets.pop();
    this.#capacity = this.#handles.length * SEGMENT_NODES;
  }

  #word(index: number): number {
    return this.#offsets[index >>> SEGMENT_BITS] + ((index & SEGMENT_MASK) << 2);
  }

  #dueAt(index: number): number {
    const words = this.#pages[index >>> SEGMENT_BITS];
    const word = this.#word(index);
    return (words[word] >>> 0) + words[word + 1] * TWO_32;
  }

  #nodeOf(entry: number): number {
    return this.#slabs.words[entry >>> 19][this.#nodeWord(entry)];
  }

  /** Word offset, in the entry's page, of the index of its node. */
  #nodeWord(entry: number): number {
    if (this.#ofHashes) return valueLengthWord(this.#slabs, entry);
    return ((entry & 0x7ffff) << 1) + EXPIRE_NODE_WORD;
  }

  #set(index: number, dueMs: number, entry: number): void {
    const words = this.#pages[index >>> SEGMENT_BITS];
    const word = this.#word(index);
    words[word] = dueMs % TWO_32 | 0;
    words[word + 1] = dueMs / TWO_32 | 0;
    words[word + 2] = entry;
    this.#slabs.words[entry >>> 19][this.#nodeWord(entry)] = index;
  }

  #copy(from: number, to: number): void {
    const source = this.#pages[from >>> SEGMENT_BITS];
    const at = this.#word(from);
    const target = this.#pages[to >>> SEGMENT_BITS];
    const word = this.#word(to);
    const entry = source[at + 2];
    target[word] = source[at];
    target[word + 1] = source[at + 1];
    target[word + 2] = entry;
    this.#slabs.words[entry >>> 19][this.#nodeWord(entry)] = to;
  }

  /** Puts an entry where its due time belongs, starting from a node that is free or its own. */
  #place(index: number, dueMs: number, entry: number): void {
    if (index > 0 && this.#dueAt((index - 1) >>> 2) > dueMs) this.#siftUp(index, dueMs, entry);
    else this.#siftDown(index, dueMs, entry);
  }

  #siftUp(index: number, dueMs: number, entry: number): void {
    while (index > 0) {
      const parent = (index - 1) >>> 2;
      if (this.#dueAt(parent) <= dueMs) break;
      this.#copy(parent, index);
      index = parent;
    }
    this.#set(index, dueMs, entry);
  }

  #siftDown(index: number, dueMs: number, entry: number): void {
    for (;;) {
      const firstChild = (index << 2) + 1;
      if (firstChild >= this.#size) break;
      const end = Math.min(firstChild + 4, this.#size);
      let least = firstChild;
      let leastDueMs = this.#dueAt(firstChild);
      for (let child = firstChild + 1; child < end; child++) {
        const childDueMs = this.#dueAt(child);
        if (childDueMs < leastDueMs) {
          least = child;
          leastDueMs = childDueMs;
        }
      }
      if (leastDueMs >= dueMs) break;
      this.#copy(least, index);
      index = least;
    }
    this.#set(index, dueMs, entry);
  }
}
