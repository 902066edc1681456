/**
 * The elements that SORT sorts: copies of their bytes in one buffer, keys and texts to sort by in
 * others, and an order, which alone is sorted. Nothing is made for a single element.
 */
import {
  advanceIn,
  type ListCursor,
  listLength,
  readIn,
  seekIn,
} from "../../keyspace/types/list_value.ts";
import { sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { setSize } from "../../keyspace/types/set_members.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import { ByteRows } from "../../memory/byte_rows.ts";
import { compareBytes } from "../../memory/bytes.ts";
import { parseDouble } from "../../memory/double.ts";
import { TypeId } from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import {
  equalKeys,
  reverseKey,
  setBytesKey,
  setNumberKey,
  sortByKeys,
} from "../../structures/radix_sort.ts";
import { type Compare, partialSort, stableSort } from "../../structures/sorting.ts";
import type { Client } from "../context.ts";
import type { SortOptions } from "./options.ts";
import type { SortPattern } from "./pattern.ts";

const FIRST_CAPACITY = 64;
/** What more elements needed is not kept for the next command. */
const KEPT_CAPACITY = 4096;
/** In place of a text's number: there is none. */
const NO_TEXT = -1;
/** From here down doubles lose digits, which C's strtod takes for an error. */
const MIN_NORMAL = 2 ** -1022;

const NUL = 0;

/** Number of elements of a list, a set or a sorted set; 0 for a missing key. */
export function elementCount({ db }: Client, entry: number): number {
  if (entry === 0) return 0;
  switch (db.type(entry)) {
    case TypeId.LIST:
      return listLength(db, entry);
    case TypeId.SET:
      return setSize(db.keyspace, entry);
    default:
      return sortedSetLength(db.keyspace, entry);
  }
}

export class SortElements {
  readonly rows = new ByteRows();
  /** The rows in the order wanted. */
  order: Int32Array = new Int32Array(FIRST_CAPACITY);
  #scratch: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** What each row is sorted by, at least at first; see radix_sort.ts. */
  #keys: Int32Array = new Int32Array(2 * FIRST_CAPACITY);
  /** Where each row's bytes end for a comparison. */
  #ends: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** The number of the text that each row is sorted by. */
  #textOf: Int32Array = new Int32Array(FIRST_CAPACITY);
  readonly #texts = new ByteRows();
  readonly #setWalk = new SetWalk();
  readonly #sortedSetWalk = new SortedSetWalk();
  readonly #cursor: ListCursor = { node: 0, pos: 0 };
  readonly #view = new Element();

  /**
   * Takes `count` elements from `from` on; of a list or sorted set that is reversed, from the end. All
   * must be there, and of a set all must be taken.
   */
  load({ db }: Client, entry: number, from: number, count: number, isReverse: boolean): void {
    if (count <= 0) return;
    const { rows } = this;
    const type = db.type(entry);
    if (type === TypeId.LIST) {
      seekIn(db, entry, isReverse ? -1 - from : from, this.#cursor);
      for (let i = 0; i < count; i++) {
        if (i > 0) advanceIn(db, entry, this.#cursor, !isReverse);
        readIn(db, entry, this.#cursor, this.#view);
        rows.add(this.#view.buf, this.#view.start, this.#view.end);
      }
    } else if (type === TypeId.SET) {
      const walk = this.#setWalk;
      walk.begin(db.keyspace, entry);
      while (walk.next()) rows.add(walk.buf, walk.start, walk.end);
    } else {
      const walk = this.#sortedSetWalk;
      const rank = isReverse ? sortedSetLength(db.keyspace, entry) - 1 - from : from;
      walk.begin(db.keyspace, entry, rank, isReverse);
      for (let i = 0; i < count; i++) {
        walk.next();
        rows.add(walk.buf, walk.start, walk.end);
      }
    }
    if (this.order.length < rows.count) this.#resize(rows.count);
    for (let row = 0; row < rows.count; row++) this.order[row] = row;
  }

  /**
   * Sorts as far as the places from `first` to `last` are concerned.
   *
   * @returns Whether everything to sort by is a number, where that is needed.
   */
  sort(client: Client, options: SortOptions, first: number, last: number): boolean {
    const { by, isAlpha, isDescending } = options;
    // What is not stored is for people, to be compared as C strings are: up to the first NUL.
    const isCollated = options.storeArg === 0;
    if (isAlpha && by !== null) {
      this.#findTexts(client, by, isCollated);
      this.#sortByTexts(isDescending, first, last);
      return true;
    }
    this.#findEnds(isAlpha && isCollated);
    if (isAlpha) this.#makeBytesKeys();
    else if (!this.#makeNumberKeys(client, by)) return false;
    this.#sortByKeys(isDescending, first, last);
    return true;
  }

  /** Sorts by keys, then those whose keys are equal by their bytes. */
  #sortByKeys(isDescending: boolean, first: number, last: number): void {
    const { order } = this;
    const keys = this.#keys;
    const { count } = this.rows;
    if (isDescending) { for (let row = 0; row < count; row++) reverseKey(keys, row); }
    sortByKeys(order, count, keys, this.#scratch);
    const compare = directed(this.#byBytes(), isDescending);
    for (let start = 0, end = 0; start <= last; start = end) {
      end = start + 1;
      while (end < count && equalKeys(keys, order[start], order[end])) end++;
      if (end - start === 1 || end <= first) continue;
      if (start >= first && end - 1 <= last) {
        stableSort(order, start, end, compare, this.#scratch);
      } else {
        partialSort(order, start, end, (a, b) => compare(a, b) || a - b, first, last);
      }
    }
  }

  #sortByTexts(isDescending: boolean, first: number, last: number): void {
    const { count } = this.rows;
    const compare = directed(this.#byTexts(), isDescending);
    if (first === 0 && last === count - 1) {
      stableSort(this.order, 0, count, compare, this.#scratch);
    } else {
      partialSort(this.order, 0, count, compare, first, last);
    }
  }

  /** Finds the number of each element, or of what it is sorted by; false when one is no number. */
  #makeNumberKeys(client: Client, by: SortPattern | null): boolean {
    const { rows } = this;
    let areNumbers = true;
    for (let row = 0; row < rows.count; row++) {
      const start = rows.starts[row];
      const end = rows.ends[row];
      let weight = 0;
      if (by === null) weight = sortNumber(rows.bytes, start, end);
      else if (by.find(client, rows.bytes, start, end)) {
        weight = sortNumber(by.value.buf, by.value.start, by.value.end);
      }
      if (weight !== weight) areNumbers = false;
      else setNumberKey(this.#keys, row, weight);
    }
    return areNumbers;
  }

  /** Makes a key of those bytes of each element that come behind what all begin with. */
  #makeBytesKeys(): void {
    const { bytes, starts, count } = this.rows;
    const ends = this.#ends;
    let common = count === 0 ? 0 : ends[0] - starts[0];
    for (let row = 1; row < count; row++) {
      const limit = Math.min(common, ends[row] - starts[row]);
      const at = starts[row];
      common = 0;
      while (common < limit && bytes[at + common] === bytes[starts[0] + common]) common++;
    }
    for (let row = 0; row < count; row++) {
      setBytesKey(this.#keys, row, bytes, starts[row] + common, ends[row]);
    }
  }

  #findEnds(isCollated: boolean): void {
    const { bytes, starts, ends, count } = this.rows;
    for (let row = 0; row < count; row++) {
      this.#ends[row] = textEnd(bytes, starts[row], ends[row], isCollated);
    }
  }

  /** Finds the text that each element is sorted by. */
  #findTexts(client: Client, by: SortPattern, isCollated: boolean): void {
    const { rows } = this;
    const { value } = by;
    for (let row = 0; row < rows.count; row++) {
      const isThere = by.find(client, rows.bytes, rows.starts[row], rows.ends[row]);
      this.#textOf[row] = isThere
        ? this.#texts.add(
          value.buf,
          value.start,
          textEnd(value.buf, value.start, value.end, isCollated),
        )
        : NO_TEXT;
    }
  }

  #byBytes(): Compare {
    const { bytes, starts } = this.rows;
    const ends = this.#ends;
    return (a, b) => compareBytes(bytes, starts[a], ends[a], bytes, starts[b], ends[b]);
  }

  #byTexts(): Compare {
    const { bytes, starts, ends } = this.#texts;
    const textOf = this.#textOf;
    return (a, b) => {
      const textA = textOf[a];
      const textB = textOf[b];
      if (textA === NO_TEXT || textB === NO_TEXT) {
        return (textA === NO_TEXT ? 0 : 1) - (textB === NO_TEXT ? 0 : 1);
      }
      return compareBytes(bytes, starts[textA], ends[textA], bytes, starts[textB], ends[textB]);
    };
  }

  /** Forgets all. */
  clear(): void {
    this.rows.clear();
    this.#texts.clear();
    if (this.order.length > KEPT_CAPACITY) this.#resize(FIRST_CAPACITY);
  }

  #resize(capacity: number): void {
    this.order = new Int32Array(capacity);
    this.#scratch = new Int32Array(capacity);
    this.#keys = new Int32Array(2 * capacity);
    this.#ends = new Int32Array(capacity);
    this.#textOf = new Int32Array(capacity);
  }
}

function directed(compare: Compare, isDescending: boolean): Compare {
  return isDescending ? (a, b) => -compare(a, b) : compare;
}

/** Where a C string ends: at the first NUL, unless all bytes count. */
function textEnd(buf: Uint8Array, start: number, end: number, isCollated: boolean): number {
  if (!isCollated) return end;
  for (let at = start; at < end; at++) if (buf[at] === NUL) return at;
  return end;
}

/**
 * The number that a text means to SORT, which is less strict than other commands: nothing is 0, blanks
 * may stand in front, and what follows a NUL is not seen. NaN when it is none.
 */
function sortNumber(buf: Uint8Array, start: number, end: number): number {
  const value = parseDouble(buf, start, end);
  if (value === value) return value !== 0 && Math.abs(value) < MIN_NORMAL ? NaN : value;
  const stop = textEnd(buf, start, end, true);
  if (stop === start) return 0;
  let from = start;
  while (from < stop && isBlank(buf[from])) from++;
  return from === start && stop === end ? NaN : parseDouble(buf, from, stop);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
