/** Whether a listpack from outside is a node of a stream; see structures/stream_node.ts for the layout. */
import type { Slabs } from "../../../memory/slab.ts";
import { elementInteger, firstElement, nextElement } from "../../../structures/listpack.ts";
import { bodyElements, ENTRY_DELETED, ENTRY_SAME_FIELDS } from "../../../structures/stream_node.ts";

/** Elements of an entry before its fields and values: flags, ms, seq. */
const HEAD_ELEMENTS = 3;

/**
 * A listpack's elements one by one, which need not be there: behind the end there is nothing, and what
 * should be a number and is a text is NaN.
 */
class Elements {
  readonly #slabs: Slabs;
  readonly #lp: number;
  #pos: number;

  constructor(slabs: Slabs, lp: number) {
    this.#slabs = slabs;
    this.#lp = lp;
    this.#pos = firstElement(slabs, lp);
  }

  get isAtEnd(): boolean {
    return this.#pos === 0;
  }

  /** The next element as a number that can count something; NaN when it is none. */
  count(): number {
    const value = this.number();
    return value >= 0 ? value : NaN;
  }

  /** The next element as a number; NaN when it is none. */
  number(): number {
    if (this.#pos === 0) return NaN;
    const value = elementInteger(this.#slabs, this.#lp, this.#pos);
    this.#pos = nextElement(this.#slabs, this.#lp, this.#pos);
    return value;
  }

  /** Passes over so many elements; false when there are not so many. */
  skip(count: number): boolean {
    for (let left = count; left > 0; left--) {
      if (this.#pos === 0) return false;
      this.#pos = nextElement(this.#slabs, this.#lp, this.#pos);
    }
    return true;
  }
}

/** Whether a sound listpack is a sound node, so that no walk over its entries can leave it. O(n). */
export function isStreamNode(slabs: Slabs, lp: number): boolean {
  const elements = new Elements(slabs, lp);
  const live = elements.count();
  const deleted = elements.count();
  const masterFields = elements.count();
  if (!Number.isSafeInteger(live + deleted + masterFields)) return false;
  if (!elements.skip(masterFields) || elements.number() !== 0) return false;
  let liveSeen = 0;
  let deletedSeen = 0;
  while (!elements.isAtEnd) {
    const flags = readEntry(elements, masterFields);
    if (flags < 0) return false;
    if ((flags & ENTRY_DELETED) !== 0) deletedSeen++;
    else liveSeen++;
  }
  return liveSeen === live && deletedSeen === deleted;
}

/** Passes over an entry; returns its flags, -1 when it is not sound. */
function readEntry(elements: Elements, masterFields: number): number {
  const flags = elements.count();
  const ms = elements.number();
  const seq = elements.number();
  if (flags + ms + seq !== flags + ms + seq || flags > (ENTRY_DELETED | ENTRY_SAME_FIELDS)) {
    return -1;
  }
  const isSame = (flags & ENTRY_SAME_FIELDS) !== 0;
  const fields = isSame ? masterFields : elements.count();
  if (!Number.isSafeInteger(fields)) return -1;
  const body = bodyElements(flags, fields);
  if (!elements.skip(body)) return -1;
  return elements.number() === HEAD_ELEMENTS + (isSame ? 0 : 1) + body ? flags : -1;
}
