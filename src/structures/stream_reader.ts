/** A walk over the entries of a stream, forwards or backwards. */
import { parseInt64 } from "../memory/numbers.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  Element,
  elementInteger,
  firstElement,
  lastElement,
  nextElement,
  previousElement,
  readElement,
} from "./listpack.ts";
import { compareIds, isExactDelta, StreamId } from "./stream_id.ts";
import type { StreamIndex } from "./stream_index.ts";
import { bodyElements, ENTRY_DELETED, ENTRY_SAME_FIELDS } from "./stream_node.ts";

/**
 * Begin with {@link seek}; each {@link next} goes to an entry, whose fields {@link nextField} shows
 * one by one. Made once and used again. The stream must not change in between.
 */
export class StreamReader {
  #slabs!: Slabs;
  #index!: StreamIndex;
  readonly #masterId = new StreamId();
  readonly #start = new StreamId();
  readonly #end = new StreamId();
  /** The ID of the entry. */
  readonly id = new StreamId();
  /** How many fields the entry has. */
  fieldCount = 0;
  /** The entry's node in the index; its listpack; and where in it the entry's flags are. */
  node = 0;
  lp = 0;
  flagsAt = 0;

  #isReverse = false;
  #masterFields = 0;
  #masterFieldsAt = 0;
  /** Where the next entry begins, or when going backwards where it ends; 0: outside of any node. */
  #at = 0;
  #isSame = false;
  #fieldAt = 0;
  #valueAt = 0;
  /** Elements from `#valueAt` to the entry's last one; -1: there is no entry to be passed over. */
  #left = 0;

  /** Makes the entries from `start` to `end`, both included, those to be shown. */
  seek(index: StreamIndex, start: StreamId, end: StreamId, isReverse: boolean): void {
    this.#index = index;
    this.#slabs = index.slabs;
    this.#start.copy(start);
    this.#end.copy(end);
    this.#isReverse = isReverse;
    this.node = isReverse ? index.floor(end) : Math.max(index.floor(start), 0);
    this.#at = 0;
    this.#left = -1;
    this.#enter();
  }

  /** As {@link seek} forwards to one ID, in the same stream as before, in which nothing has changed. */
  seekOn(id: StreamId): void {
    const isAhead = this.lp !== 0 && compareIds(id, this.id) > 0;
    if (!isAhead || this.#index.floor(id) !== this.node) {
      return this.seek(this.#index, id, id, false);
    }
    this.#start.copy(id);
    this.#end.copy(id);
  }

  /** Goes to the last entry of a node, removed or not, only to tell its ID. */
  toEndOf(index: StreamIndex, node: number): void {
    this.#index = index;
    this.#slabs = index.slabs;
    this.#isReverse = true;
    this.node = node;
    this.#enter();
    this.#readHead(this.#startOfEntry());
    this.#finish();
  }

  /** Goes to the next entry that has not been removed; false when there is none. */
  next(): boolean {
    return this.#isReverse ? this.#previousEntry() : this.#nextEntry();
  }

  /** Shows the next field of the entry and its value; to be called `fieldCount` times at most. */
  nextField(field: Element, value: Element): void {
    const slabs = this.#slabs;
    const { lp } = this;
    if (this.#isSame) {
      readElement(slabs, lp, this.#fieldAt, field);
      this.#fieldAt = nextElement(slabs, lp, this.#fieldAt);
    } else {
      readElement(slabs, lp, this.#valueAt, field);
      this.#valueAt = nextElement(slabs, lp, this.#valueAt);
      this.#left--;
    }
    readElement(slabs, lp, this.#valueAt, value);
    this.#valueAt = nextElement(slabs, lp, this.#valueAt);
    this.#left--;
  }

  #nextEntry(): boolean {
    while (this.lp !== 0) {
      for (this.#skipRest(); this.#at !== 0; this.#skipRest()) {
        const flags = this.#readHead(this.#at);
        // What was removed may have a greater ID than what follows: XSETID can go back behind it.
        if ((flags & ENTRY_DELETED) !== 0) continue;
        if (compareIds(this.id, this.#end) > 0) return this.#finish();
        if (compareIds(this.id, this.#start) >= 0) return true;
      }
      this.node++;
      this.#enter();
    }
    return false;
  }

  #previousEntry(): boolean {
    const slabs = this.#slabs;
    while (this.lp !== 0) {
      for (let pos = this.#startOfEntry(); pos !== 0; pos = this.#startOfEntry()) {
        const flags = this.#readHead(pos);
        this.#at = previousElement(slabs, this.lp, pos);
        if ((flags & ENTRY_DELETED) !== 0) continue;
        if (compareIds(this.id, this.#start) < 0) return this.#finish();
        if (compareIds(this.id, this.#end) <= 0) return true;
      }
      this.node--;
      this.#enter();
    }
    return false;
  }

  /** Where the entry that ends at `#at` begins; 0: that is the master. */
  #startOfEntry(): number {
    const slabs = this.#slabs;
    const elements = elementInteger(slabs, this.lp, this.#at);
    if (elements === 0) return 0;
    let pos = this.#at;
    for (let i = 0; i < elements; i++) pos = previousElement(slabs, this.lp, pos);
    return pos;
  }

  /** Going forwards, what is left of the entry is passed over. */
  #skipRest(): void {
    if (this.#left < 0) return;
    const slabs = this.#slabs;
    let pos = this.#valueAt;
    for (; this.#left > 0; this.#left--) pos = nextElement(slabs, this.lp, pos);
    this.#at = nextElement(slabs, this.lp, pos);
    this.#left = -1;
  }

  #finish(): boolean {
    this.lp = 0;
    return false;
  }

  /** Looks at the master entry of the node, if there is such a node. */
  #enter(): void {
    const slabs = this.#slabs;
    const index = this.#index;
    this.lp = this.node >= 0 && this.node < index.count ? index.listpack(this.node) : 0;
    const { lp } = this;
    if (lp === 0) return;
    index.readId(this.node, this.#masterId);
    const deleted = nextElement(slabs, lp, firstElement(slabs, lp));
    let pos = nextElement(slabs, lp, deleted);
    this.#masterFields = elementInteger(slabs, lp, pos);
    pos = nextElement(slabs, lp, pos);
    this.#masterFieldsAt = pos;
    if (this.#isReverse) {
      this.#at = lastElement(slabs, lp);
      return;
    }
    for (let i = 0; i < this.#masterFields; i++) pos = nextElement(slabs, lp, pos);
    this.#at = nextElement(slabs, lp, pos);
  }

  /** Reads flags, ID and number of fields of the entry at `pos`; returns the flags. */
  #readHead(pos: number): number {
    const slabs = this.#slabs;
    const { lp } = this;
    const flags = elementInteger(slabs, lp, pos);
    const msAt = nextElement(slabs, lp, pos);
    const seqAt = nextElement(slabs, lp, msAt);
    this.#readId(msAt, seqAt);
    this.flagsAt = pos;
    this.#isSame = (flags & ENTRY_SAME_FIELDS) !== 0;
    let body = nextElement(slabs, lp, seqAt);
    if (this.#isSame) {
      this.fieldCount = this.#masterFields;
      this.#fieldAt = this.#masterFieldsAt;
    } else {
      this.fieldCount = elementInteger(slabs, lp, body);
      body = nextElement(slabs, lp, body);
    }
    this.#valueAt = body;
    this.#left = bodyElements(flags, this.fieldCount);
    return flags;
  }

  #readId(msAt: number, seqAt: number): void {
    const slabs = this.#slabs;
    const { id, lp } = this;
    const ms = elementInteger(slabs, lp, msAt);
    const seq = elementInteger(slabs, lp, seqAt);
    id.copy(this.#masterId);
    if (isExactDelta(ms) && isExactDelta(seq)) id.add(ms, seq);
    else id.addBig(exactInteger(slabs, lp, msAt), exactInteger(slabs, lp, seqAt));
  }
}

const shown = new Element();

function exactInteger(slabs: Slabs, lp: number, pos: number): bigint {
  readElement(slabs, lp, pos, shown);
  return parseInt64(shown.buf, shown.start, shown.end) ?? 0n;
}
