/** Parts of listpacks: elements that go from one to another as the bytes they are. */
import { copyBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  createListpack,
  LISTPACK_HEADER_BYTES,
  listpackBytes,
  listpackLength,
  nextElement,
} from "./listpack.ts";

/** In the header, for a number of elements that does not fit there. */
const COUNT_UNKNOWN = 0xffff;

/** A new listpack with the elements of another from `pos` on, which must be one's position. Throws OutOfMemory. */
export function copyElements(slabs: Slabs, lp: number, pos: number): number {
  let count = 0;
  for (let at = pos; at !== 0; at = nextElement(slabs, lp, at)) count++;
  const size = listpackBytes(slabs, lp) - pos;
  const part = createListpack(slabs, LISTPACK_HEADER_BYTES + size);
  copyTail(slabs, part, LISTPACK_HEADER_BYTES, lp, pos, size);
  setHeader(slabs, part, LISTPACK_HEADER_BYTES + size, count);
  return part;
}

/**
 * Moves `count` elements, the first of which is at `pos`, to before the one at `target`, which is none
 * of them; to the end with `target` 0. The listpack stays where it is.
 */
export function moveElements(
  slabs: Slabs,
  lp: number,
  pos: number,
  count: number,
  target: number,
): void {
  const buf = slabs.bytes[pageOf(lp)];
  const base = byteOffset(lp);
  const last = listpackBytes(slabs, lp) - 1;
  let behind = pos;
  for (let i = 0; i < count; i++) behind = nextElement(slabs, lp, behind) || last;
  const to = target === 0 ? last : target;
  const moved = buf.slice(base + pos, base + behind);
  if (to < pos) {
    buf.copyWithin(base + to + moved.length, base + to, base + pos);
    buf.set(moved, base + to);
  } else {
    buf.copyWithin(base + pos, base + behind, base + to);
    buf.set(moved, base + to - moved.length);
  }
}

/**
 * Puts a copy of all elements of another listpack behind those of `lp`.
 *
 * @returns The listpack, which may have moved. Throws OutOfMemory with nothing changed.
 */
export function appendListpack(slabs: Slabs, lp: number, other: number): number {
  const end = listpackBytes(slabs, lp) - 1;
  const size = listpackBytes(slabs, other) - LISTPACK_HEADER_BYTES;
  const count = listpackLength(slabs, lp) + listpackLength(slabs, other);
  const joined = slabs.resize(lp, end + size);
  copyTail(slabs, joined, end, other, LISTPACK_HEADER_BYTES, size);
  setHeader(slabs, joined, end + size, count);
  return joined;
}

/** Copies the `size` bytes at `fromPos`, the end byte being the last, to `toPos` of another listpack. */
function copyTail(
  slabs: Slabs,
  to: number,
  toPos: number,
  from: number,
  fromPos: number,
  size: number,
): void {
  const start = byteOffset(from) + fromPos;
  copyBytes(
    slabs.bytes[pageOf(to)],
    byteOffset(to) + toPos,
    slabs.bytes[pageOf(from)],
    start,
    start + size,
  );
}

function setHeader(slabs: Slabs, lp: number, bytes: number, count: number): void {
  const buf = slabs.bytes[pageOf(lp)];
  const at = byteOffset(lp);
  const stated = Math.min(count, COUNT_UNKNOWN);
  for (let i = 0; i < 4; i++) buf[at + i] = bytes >>> (8 * i);
  buf[at + 4] = stated;
  buf[at + 5] = stated >>> 8;
}
