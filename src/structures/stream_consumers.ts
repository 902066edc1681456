/**
 * The consumers of a group, sorted by their names: when each was seen last, and the IDs that have
 * been delivered to it and not acknowledged. The IDs are an ID tree (id_tree.ts) without values; what
 * is known of each is in the tree of the group.
 */
import type { Slabs } from "../memory/slab.ts";
import { compactTree, freeNodes, treeBytes } from "./id_tree.ts";
import { NameTable, type NameView } from "./name_table.ts";

/** Words of a record. */
const PENDING = 1;
const COUNT = 2;
const SEEN_LOW = 3;
const ACTIVE_LOW = 5;
const RECORD_WORDS = 6;

const TWO_32 = 2 ** 32;
/** When a consumer was active that never was. */
export const NEVER = -1;

/** Consumers are named by numbers, which stay what they are. */
export class StreamConsumers {
  readonly #slabs: Slabs;
  readonly #names: NameTable;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
    this.#names = new NameTable(slabs, RECORD_WORDS);
  }

  /** How many consumers there are. */
  get size(): number {
    return this.#names.size;
  }

  /** Bytes of everything here. */
  get bytes(): number {
    let bytes = this.#names.bytes;
    for (let rank = 0; rank < this.size; rank++) {
      bytes += treeBytes(this.#slabs, this.pending(this.numberAt(rank)));
    }
    return bytes;
  }

  /** The consumer of a name; -1 when there is none. */
  find(buf: Uint8Array, start: number, end: number): number {
    return this.#names.find(buf, start, end);
  }

  /** The consumer of a rank, 0 <= rank < size. */
  numberAt(rank: number): number {
    return this.#names.numberAt(rank);
  }

  /** Shows a consumer's name; valid until a consumer comes or goes. */
  showName(consumer: number, view: NameView): void {
    this.#names.showName(consumer, view);
  }

  /** Adds a consumer that is not there, never active, seen at `seenMs`. Throws OutOfMemory with nothing changed. */
  add(buf: Uint8Array, start: number, end: number, seenMs: number): number {
    const consumer = this.#names.add(buf, start, end);
    this.setSeenMs(consumer, seenMs);
    this.setActiveMs(consumer, NEVER);
    return consumer;
  }

  /** Removes a consumer that has nothing pending. */
  remove(consumer: number): void {
    this.#names.remove(consumer);
  }

  /** The tree of what is pending for a consumer. */
  pending(consumer: number): number {
    return this.#names.word(consumer, PENDING);
  }

  setPending(consumer: number, root: number, count: number): void {
    this.#names.setWord(consumer, PENDING, root);
    this.#names.setWord(consumer, COUNT, count);
  }

  /** How many IDs are pending for a consumer. */
  pendingCount(consumer: number): number {
    return this.#names.word(consumer, COUNT);
  }

  /** When it last asked for something, ms since 1970. */
  seenMs(consumer: number): number {
    return this.#time(consumer, SEEN_LOW);
  }

  setSeenMs(consumer: number, ms: number): void {
    this.#setTime(consumer, SEEN_LOW, ms);
  }

  /** When it last got something, ms since 1970, or NEVER. */
  activeMs(consumer: number): number {
    return this.#time(consumer, ACTIVE_LOW);
  }

  setActiveMs(consumer: number, ms: number): void {
    this.#setTime(consumer, ACTIVE_LOW, ms);
  }

  /** Frees some of what there is, so many nodes and names at most; true when nothing is left. */
  freeSome(most: number): boolean {
    for (let i = 0; i < most && this.size > 0; i++) {
      const consumer = this.numberAt(this.size - 1);
      const root = freeNodes(this.#slabs, this.pending(consumer), 1);
      if (root !== 0) this.setPending(consumer, root, this.pendingCount(consumer));
      else this.remove(consumer);
    }
    return this.size === 0;
  }

  /** Moves what compaction wants away, and counts it. */
  compact(tally: { moved: number }): void {
    tally.moved += this.#names.compact();
    for (let rank = 0; rank < this.size; rank++) {
      const consumer = this.numberAt(rank);
      const root = compactTree(this.#slabs, this.pending(consumer), tally);
      this.setPending(consumer, root, this.pendingCount(consumer));
    }
  }

  #time(consumer: number, word: number): number {
    const low = this.#names.word(consumer, word) >>> 0;
    return this.#names.word(consumer, word + 1) * TWO_32 + low;
  }

  #setTime(consumer: number, word: number, ms: number): void {
    this.#names.setWord(consumer, word, ms | 0);
    this.#names.setWord(consumer, word + 1, Math.floor(ms / TWO_32));
  }
}
