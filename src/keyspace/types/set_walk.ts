/** Going through the members of a set, whatever its encoding, one by one and without garbage. */
import { pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import type { Dict } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import { intsetLength, intsetText } from "../../structures/intset.ts";
import { Element, firstElement, nextElement, readElement } from "../../structures/listpack.ts";
import { Encoding, type ValueContext } from "./type.ts";

/**
 * A walk: {@link begin} it, then ask for the {@link next} member until there is none. Meanwhile that
 * set must not change; others may. A walk can be begun anew at any time.
 */
export class SetWalk extends Element {
  /** Null when there is nothing to walk through. */
  #slabs: Slabs | null = null;
  #encoding = 0;
  /** The block of the intset or listpack. */
  #block = 0;
  /** Of an intset the next index, of a listpack the next element, of a dict the next in `#bucket`. */
  #at = 0;
  /** Number of integers in the intset. */
  #length = 0;
  #dict: Dict | null = null;
  /** Of the dict's next bucket; 0 when `#bucket` is the last. */
  #cursor = 0;
  readonly #bucket: number[] = [];
  readonly #collect = (member: number): void => {
    this.#bucket.push(member);
  };

  /** Places the walk before the first member of the set that an entry holds. */
  begin({ slabs, objects }: ValueContext, entry: number): void {
    const value = Entry.valueHandle(slabs, entry);
    this.#slabs = slabs;
    this.#encoding = Entry.encoding(slabs, entry);
    this.#at = 0;
    if (this.#encoding === Encoding.INTSET) {
      this.#block = value;
      this.#length = intsetLength(slabs, value);
    } else if (this.#encoding === Encoding.LISTPACK) {
      this.#block = value;
      this.#at = firstElement(slabs, value);
    } else {
      this.#dict = objects.get<Dict>(value);
      this.#cursor = 0;
      this.#scan();
    }
  }

  /** Shows the next member in `buf[start, end)`, until the call after it; false when there is none. */
  next(): boolean {
    const slabs = this.#slabs;
    if (slabs === null) return false;
    switch (this.#encoding) {
      case Encoding.INTSET:
        if (this.#at < this.#length) return this.#showInteger(slabs);
        break;
      case Encoding.LISTPACK:
        if (this.#at !== 0) return this.#showElement(slabs);
        break;
      default:
        while (this.#at === this.#bucket.length && this.#cursor !== 0) this.#scan();
        if (this.#at < this.#bucket.length) return this.#showEntry(slabs);
    }
    // Scratch that lives on lets go of what belongs to the server.
    this.#slabs = this.#dict = null;
    return false;
  }

  #showInteger(slabs: Slabs): true {
    this.buf = this.text;
    this.start = 0;
    this.end = intsetText(slabs, this.#block, this.#at++, this.text);
    return true;
  }

  #showElement(slabs: Slabs): true {
    readElement(slabs, this.#block, this.#at, this);
    this.#at = nextElement(slabs, this.#block, this.#at);
    return true;
  }

  #showEntry(slabs: Slabs): true {
    showEntry(slabs, this.#bucket[this.#at++], this);
    return true;
  }

  /** Gets the members of the next bucket. */
  #scan(): void {
    this.#bucket.length = 0;
    this.#at = 0;
    this.#cursor = this.#dict!.scan(this.#cursor, this.#collect);
  }
}

/** Shows the member that an entry of a set's dict stands for; the view is valid as long as that lives. */
export function showEntry(slabs: Slabs, member: number, view: Element): void {
  view.buf = slabs.bytes[pageOf(member)];
  view.start = Entry.keyOffset(slabs, member);
  view.end = view.start + Entry.keyLength(slabs, member);
}
