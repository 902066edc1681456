/** The consumer groups of a stream, sorted by their names. */
import type { Slabs } from "../memory/slab.ts";
import { NameTable, type NameView } from "./name_table.ts";
import { StreamGroup } from "./stream_group.ts";

/** The table keeps nothing but the names; records need a word all the same. */
const RECORD_WORDS = 1;

export class StreamGroups {
  readonly #slabs: Slabs;
  readonly #names: NameTable;
  /** By the number of the name; null where there is none. */
  readonly #groups: (StreamGroup | null)[] = [];

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
    this.#names = new NameTable(slabs, RECORD_WORDS);
  }

  /** How many groups there are. */
  get size(): number {
    return this.#names.size;
  }

  /** Bytes of everything here. */
  get bytes(): number {
    return this.#groups.reduce((sum, group) => sum + (group?.bytes ?? 0), this.#names.bytes);
  }

  /** The group of a name; null when there is none. */
  find(buf: Uint8Array, start: number, end: number): StreamGroup | null {
    if (this.size === 0) return null;
    const number = this.#names.find(buf, start, end);
    return number < 0 ? null : this.#groups[number];
  }

  /** The group of a rank, 0 <= rank < size. */
  at(rank: number): StreamGroup {
    return this.#groups[this.#names.numberAt(rank)]!;
  }

  /** Shows the name of the group of a rank; valid until a group comes or goes. */
  showName(rank: number, view: NameView): void {
    this.#names.showName(this.#names.numberAt(rank), view);
  }

  /** Adds a group that is not there. Throws OutOfMemory with nothing changed. */
  add(buf: Uint8Array, start: number, end: number): StreamGroup {
    const group = new StreamGroup(this.#slabs);
    this.#groups[this.#names.add(buf, start, end)] = group;
    return group;
  }

  /** Takes a group out, which must be there; it is the caller's to be freed. */
  remove(buf: Uint8Array, start: number, end: number): StreamGroup {
    const number = this.#names.find(buf, start, end);
    const group = this.#groups[number]!;
    this.#groups[number] = null;
    this.#names.remove(number);
    return group;
  }

  /** Gives copies of another stream's groups to one that has none. Throws OutOfMemory, with some of them here. */
  copy(other: StreamGroups): void {
    for (let rank = 0; rank < other.size; rank++) {
      other.showName(rank, name);
      this.add(name.buf, name.start, name.end).copy(other.at(rank));
    }
  }

  /** Frees some of what there is, so many blocks at most; true when nothing is left. */
  freeSome(most: number): boolean {
    while (this.size > 0) {
      const number = this.#names.numberAt(this.size - 1);
      if (!this.#groups[number]!.freeSome(most)) return false;
      this.#groups[number] = null;
      this.#names.remove(number);
    }
    return true;
  }

  /** Moves what compaction wants away; returns how many blocks moved. */
  compact(): number {
    const tally = { moved: this.#names.compact() };
    for (const group of this.#groups) group?.compact(tally);
    return tally.moved;
  }
}

const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };
