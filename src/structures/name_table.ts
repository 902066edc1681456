/**
 * The name table: byte strings in order, each with a number and a record of some words. The groups of
 * a stream and the consumers of a group are kept so.
 *
 * Names are entries in an ordered tree, so a name is found, added and removed in O(log n). The records
 * lie one after the other in one slab block and are found by their number, which stays what it is for
 * as long as the name is there:
 *
 *   word 0    the name's entry; 0: the record is free
 *   word 1…   what the owner keeps there; of a free record, word 1 is the next free one, -1 at the end
 */
import { equalBytes } from "../memory/bytes.ts";
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import * as Entry from "./entry.ts";
import { OrderedTree, type TreePosition } from "./ordered_tree.ts";

/** Where a name lies. */
export interface NameView {
  buf: Uint8Array;
  start: number;
  end: number;
}

/** All names have the same score, so only their bytes count. */
const SCORE = 0;
const NUMBER_BYTES = 4;
const NEXT_FREE = 1;
const NONE = -1;

const position: TreePosition = { leaf: 0, slot: 0 };

export class NameTable {
  readonly #slabs: Slabs;
  readonly #names: OrderedTree;
  readonly #recordWords: number;
  #records = 0;
  /** Records there have been so far, and the first of them that is free. */
  #used = 0;
  #free = NONE;
  #nameBytes = 0;

  /** @param words Words of a record, besides the one for the name; at least 1. */
  constructor(slabs: Slabs, words: number) {
    this.#slabs = slabs;
    this.#names = new OrderedTree(slabs);
    this.#recordWords = 1 + words;
  }

  /** How many names there are. */
  get size(): number {
    return this.#names.size;
  }

  /** Bytes of names and records. */
  get bytes(): number {
    const records = this.#records === 0 ? 0 : this.#slabs.sizeOf(this.#records);
    return this.#names.memoryBytes + this.#nameBytes + records;
  }

  /** The number of a name; -1 when it is not there. */
  find(buf: Uint8Array, start: number, end: number): number {
    const rank = this.#names.rankOf(SCORE, buf, start, end);
    if (rank >= this.size) return NONE;
    const number = this.numberAt(rank);
    this.showName(number, shown);
    return equalBytes(shown.buf, shown.start, shown.end, buf, start, end) ? number : NONE;
  }

  /** The number of the name of a rank, 0 <= rank < size. */
  numberAt(rank: number): number {
    this.#names.select(rank, position);
    const entry = this.#names.entryAt(position);
    return readNumber(this.#slabs.bytes[pageOf(entry)], Entry.valueOffset(this.#slabs, entry));
  }

  /** Shows the name of a number; valid until the table changes. */
  showName(number: number, view: NameView): void {
    const slabs = this.#slabs;
    const entry = slabs.words[pageOf(this.#records)][this.#at(number)];
    view.buf = slabs.bytes[pageOf(entry)];
    view.start = Entry.keyOffset(slabs, entry);
    view.end = view.start + Entry.keyLength(slabs, entry);
  }

  /**
   * Adds a name that is not there, with a record of zeros.
   *
   * @returns Its number. Throws OutOfMemory with nothing changed.
   */
  add(buf: Uint8Array, start: number, end: number): number {
    const slabs = this.#slabs;
    this.#reserve();
    const type = Entry.TypeId.STREAM;
    const entry = Entry.createInline(slabs, buf, start, end, NUMBER_BYTES, type, 0, false, 0);
    const number = this.#free === NONE ? this.#used : this.#free;
    writeNumber(slabs.bytes[pageOf(entry)], Entry.valueOffset(slabs, entry), number);
    try {
      this.#names.insert(SCORE, entry);
    } catch (failure) {
      slabs.free(entry);
      throw failure;
    }
    const words = slabs.words[pageOf(this.#records)];
    const at = this.#at(number);
    if (this.#free === NONE) this.#used++;
    else this.#free = words[at + NEXT_FREE];
    words.fill(0, at, at + this.#recordWords);
    words[at] = entry;
    this.#nameBytes += slabs.sizeOf(entry);
    return number;
  }

  /** Removes the name of a number. */
  remove(number: number): void {
    const slabs = this.#slabs;
    const words = slabs.words[pageOf(this.#records)];
    const at = this.#at(number);
    const entry = words[at];
    this.#names.remove(SCORE, entry);
    this.#nameBytes -= slabs.sizeOf(entry);
    slabs.free(entry);
    words[at] = 0;
    words[at + NEXT_FREE] = this.#free;
    this.#free = number;
    if (this.size > 0) return;
    slabs.free(this.#records);
    this.#records = this.#used = 0;
    this.#free = NONE;
  }

  /** A word of a record; the owner's begin with 1. */
  word(number: number, word: number): number {
    return this.#slabs.words[pageOf(this.#records)][this.#at(number) + word];
  }

  setWord(number: number, word: number, value: number): void {
    this.#slabs.words[pageOf(this.#records)][this.#at(number) + word] = value;
  }

  /** Moves what compaction wants away; returns how many blocks moved. */
  compact(): number {
    const slabs = this.#slabs;
    if (this.size === 0) return 0;
    const tally = { moved: 0 };
    for (let part = this.#names.compact(0, tally); part !== 0;) {
      part = this.#names.compact(part, tally);
    }
    let { moved } = tally;
    if (slabs.shouldMove(this.#records)) {
      this.#records = slabs.move(this.#records);
      moved++;
    }
    for (let number = 0; number < this.#used; number++) {
      const entry = this.word(number, 0);
      if (entry === 0 || !slabs.shouldMove(entry)) continue;
      this.setWord(number, 0, this.#names.moveEntry(SCORE, entry));
      moved++;
    }
    return moved;
  }

  #at(number: number): number {
    return wordOffset(this.#records) + number * this.#recordWords;
  }

  /** Makes room for one more record. */
  #reserve(): void {
    if (this.#free !== NONE) return;
    const slabs = this.#slabs;
    const recordBytes = this.#recordWords << 2;
    if (this.#records === 0) {
      this.#records = slabs.alloc(recordBytes);
    } else if ((this.#used + 1) * recordBytes > slabs.sizeOf(this.#records)) {
      this.#records = slabs.resize(this.#records, 2 * this.#used * recordBytes);
    }
  }
}

const shown: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function readNumber(buf: Uint8Array, at: number): number {
  return buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24);
}

function writeNumber(buf: Uint8Array, at: number, number: number): void {
  for (let i = 0; i < NUMBER_BYTES; i++) buf[at + i] = number >>> (8 * i);
}
