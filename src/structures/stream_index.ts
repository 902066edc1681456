/**
 * The nodes of a stream in the order of their IDs: an array of records in one slab block, each the
 * ID of a node's master entry and the handle of its listpack. Streams grow at their end and are
 * trimmed at their start, so both are O(1); a node is found in O(log n), and one that vanishes from
 * the middle lets what follows it move up.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import type { StreamId } from "./stream_id.ts";

/** Words of a record: the four of the ID, then the listpack. */
const RECORD_WORDS = 5;
const LISTPACK = 4;
const RECORD_BYTES = 4 * RECORD_WORDS;
const WORD_BYTES = 4;

export class StreamIndex {
  readonly slabs: Slabs;
  #block = 0;
  /** The record of the first node. */
  #head = 0;
  #count = 0;

  constructor(slabs: Slabs) {
    this.slabs = slabs;
  }

  /** Number of nodes. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the index itself. */
  get bytes(): number {
    return this.#block === 0 ? 0 : this.slabs.sizeOf(this.#block);
  }

  /** The listpack of a node. */
  listpack(node: number): number {
    return this.#words()[this.#at(node) + LISTPACK];
  }

  setListpack(node: number, lp: number): void {
    this.#words()[this.#at(node) + LISTPACK] = lp;
  }

  /** Reads the ID of a node. */
  readId(node: number, id: StreamId): void {
    const words = this.#words();
    const at = this.#at(node);
    id.set(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  /** Adds a node behind all others. Throws OutOfMemory with nothing changed. */
  push(id: StreamId, lp: number): void {
    this.#reserve();
    const words = this.#words();
    const at = this.#at(this.#count++);
    words[at] = id.msHigh;
    words[at + 1] = id.msLow;
    words[at + 2] = id.seqHigh;
    words[at + 3] = id.seqLow;
    words[at + LISTPACK] = lp;
  }

  /** Forgets a node. */
  remove(node: number): void {
    if (node === 0) {
      this.#head++;
    } else {
      const at = this.#at(node);
      this.#words().copyWithin(at, at + RECORD_WORDS, this.#at(this.#count));
    }
    this.#count--;
    if (this.#count === 0) this.release();
  }

  /** The last node whose ID is not greater; -1 when there is none. */
  floor(id: StreamId): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isAtMost(middle, id)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Frees the index, not the nodes; it is then empty. */
  release(): void {
    if (this.#block !== 0) this.slabs.free(this.#block);
    this.#block = 0;
    this.#head = 0;
    this.#count = 0;
  }

  /** Moves the index to a denser place where that is worth it; returns how many blocks moved. */
  compact(): number {
    if (this.#block === 0 || !this.slabs.shouldMove(this.#block)) return 0;
    this.#block = this.slabs.move(this.#block);
    return 1;
  }

  #words(): Int32Array {
    return this.slabs.words[pageOf(this.#block)];
  }

  #at(node: number): number {
    return wordOffset(this.#block) + (this.#head + node) * RECORD_WORDS;
  }

  #isAtMost(node: number, id: StreamId): boolean {
    const words = this.#words();
    const at = this.#at(node);
    if (words[at] !== id.msHigh) return words[at] >>> 0 < id.msHigh >>> 0;
    if (words[at + 1] !== id.msLow) return words[at + 1] >>> 0 < id.msLow >>> 0;
    if (words[at + 2] !== id.seqHigh) return words[at + 2] >>> 0 < id.seqHigh >>> 0;
    return words[at + 3] >>> 0 <= id.seqLow >>> 0;
  }

  /** Makes room for one more record: at the start, when half of the block is unused there, else by growing. */
  #reserve(): void {
    const slabs = this.slabs;
    if (this.#block === 0) {
      this.#block = slabs.alloc(RECORD_BYTES);
      return;
    }
    const capacity = Math.floor(slabs.sizeOf(this.#block) / RECORD_BYTES);
    if (this.#head + this.#count < capacity) return;
    if (this.#head > 0 && this.#head >= this.#count) {
      const base = wordOffset(this.#block);
      this.#words().copyWithin(base, this.#at(0), this.#at(this.#count));
      this.#head = 0;
      return;
    }
    this.#block = slabs.resize(this.#block, 2 * capacity * RECORD_WORDS * WORD_BYTES);
  }
}
