/** Whether a small collection from outside has something twice. */
import type { Slabs } from "../../../memory/slab.ts";
import {
  Element,
  elementEquals,
  firstElement,
  listpackLength,
  nextElement,
  readElement,
} from "../../../structures/listpack.ts";

const LEAST_SLOTS = 16;

const element = new Element();
/** Positions of elements, by hash; 0 for none. Filled anew by each call. */
let slots = new Int32Array(1024);

/**
 * Whether two elements of a listpack are equal, of those that come first, and each `step` further on:
 * the fields of a hash, the members of a set. For as many as a small collection may have: where they
 * are meant to collide, the time is quadratic.
 */
export function hasTwice(slabs: Slabs, lp: number, step: number): boolean {
  const count = listpackLength(slabs, lp) / step;
  let size = LEAST_SLOTS;
  while (size < 2 * count) size *= 2;
  if (slots.length < size) slots = new Int32Array(size);
  slots.fill(0, 0, size);
  let toPass = 0;
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextElement(slabs, lp, pos)) {
    if (toPass-- > 0) continue;
    toPass = step - 1;
    readElement(slabs, lp, pos, element);
    const { buf, start, end } = element;
    let slot = hash(buf, start, end) & (size - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) {
      if (elementEquals(slabs, lp, slots[slot], buf, start, end)) return true;
    }
    slots[slot] = pos;
  }
  return false;
}

function hash(buf: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = (Math.imul(value, 31) + buf[i]) | 0;
  return value ^ (value >>> 15);
}
