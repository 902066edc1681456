/**
 * A small hash: a listpack of fields and their values.
 *
 *   LISTPACK      field, value, field, value …
 *   LISTPACK_EX   field, value, due time, field, value, due time …
 *
 * A due time is in ms since 1970, 0 for a field that does not expire. What falls due first comes
 * first, and fields that do not expire come last, in the order in which they came. `stride` is the
 * number of elements that a field takes: 2 or 3.
 */
import { copyBytes } from "../../memory/bytes.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import { INT64_TEXT_BYTES, writeInteger } from "../../memory/numbers.ts";
import type { Slabs } from "../../memory/slab.ts";
import {
  appendElement,
  appendPair,
  createListpack,
  Element,
  elementInteger,
  elementSize,
  findElement,
  firstElement,
  listpackBytes,
  listpackLength,
  nextElement,
  readElement,
  removeElements,
  replaceElement,
  reserveListpack,
} from "../../structures/listpack.ts";
import { moveElements } from "../../structures/listpack_parts.ts";
import { NEVER } from "./hash_table.ts";

/** Elements of a field in a LISTPACK and in a LISTPACK_EX. */
export const PAIR = 2;
export const TRIPLE = 3;

/** Bytes of a due time's element at most, and of one that is 0. */
const DUE_BYTES = 10;
const NO_DUE_BYTES = 2;

const dueText = new Uint8Array(INT64_TEXT_BYTES);
const copiedField = new Element();
const copiedValue = new Element();

// ---------------------------------------------------------------- reading

/** Where a field is; 0 when missing. */
export function findPacked(
  slabs: Slabs,
  lp: number,
  stride: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  return findElement(slabs, lp, firstElement(slabs, lp), buf, start, end, stride);
}

/** Where the field behind the one at `at` is; 0 at the end. */
export function nextPacked(slabs: Slabs, lp: number, stride: number, at: number): number {
  const value = nextElement(slabs, lp, at);
  return nextElement(slabs, lp, stride === PAIR ? value : nextElement(slabs, lp, value));
}

/** When the field at `at` of a LISTPACK_EX falls due; NEVER when it does not. */
export function duePacked(slabs: Slabs, lp: number, at: number): number {
  return elementInteger(slabs, lp, duePosition(slabs, lp, at)) || NEVER;
}

function duePosition(slabs: Slabs, lp: number, at: number): number {
  return nextElement(slabs, lp, nextElement(slabs, lp, at));
}

// ---------------------------------------------------------------- writing

/**
 * Adds a field that is not there. It does not expire.
 *
 * @returns The listpack, which may have moved. Throws OutOfMemory with nothing changed.
 */
export function appendPacked(
  slabs: Slabs,
  lp: number,
  stride: number,
  buf: Uint8Array,
  start: number,
  end: number,
  valueBuf: Uint8Array,
  valueStart: number,
  valueEnd: number,
): number {
  if (stride === PAIR) {
    return appendPair(slabs, lp, buf, start, end, valueBuf, valueStart, valueEnd);
  }
  const bytes = elementSize(buf, start, end) + elementSize(valueBuf, valueStart, valueEnd);
  const moved = reserveListpack(slabs, lp, bytes + NO_DUE_BYTES);
  appendPair(slabs, moved, buf, start, end, valueBuf, valueStart, valueEnd);
  return appendElement(slabs, moved, dueText, 0, writeDue(NEVER));
}

/** Gives the field at `at` another value; it keeps its due time. Returns and throws as {@link appendPacked}. */
export function replacePacked(
  slabs: Slabs,
  lp: number,
  at: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  return replaceElement(slabs, lp, nextElement(slabs, lp, at), buf, start, end);
}

/**
 * Sets when the field at `at` of a LISTPACK_EX falls due, NEVER to have it stay, for which it moves
 * to its place among the others. Returns and throws as {@link appendPacked}.
 */
export function setDuePacked(slabs: Slabs, lp: number, at: number, dueMs: number): number {
  if (duePacked(slabs, lp, at) === dueMs) return lp;
  const end = writeDue(dueMs);
  const moved = replaceElement(slabs, lp, duePosition(slabs, lp, at), dueText, 0, end);
  let target = dueMs === NEVER ? 0 : firstElement(slabs, moved);
  while (target !== 0 && (target === at || duePacked(slabs, moved, target) <= dueMs)) {
    target = nextPacked(slabs, moved, TRIPLE, target);
  }
  if (target !== nextPacked(slabs, moved, TRIPLE, at)) {
    moveElements(slabs, moved, at, TRIPLE, target);
  }
  return moved;
}

/** Takes out the field at `at`; returns the listpack, which may have moved. */
export function removePacked(slabs: Slabs, lp: number, stride: number, at: number): number {
  return removeElements(slabs, lp, at, stride);
}

/** Writes a due time to {@link dueText}; returns where it ends. */
function writeDue(dueMs: number): number {
  return writeInteger(dueText, 0, dueMs === NEVER ? 0 : dueMs);
}

// ---------------------------------------------------------------- the whole

/** A copy of a listpack. Throws OutOfMemory. */
export function copyListpack(slabs: Slabs, lp: number): number {
  const bytes = listpackBytes(slabs, lp);
  const copy = slabs.alloc(bytes);
  const from = byteOffset(lp);
  copyBytes(
    slabs.bytes[pageOf(copy)],
    byteOffset(copy),
    slabs.bytes[pageOf(lp)],
    from,
    from + bytes,
  );
  return copy;
}

/** A LISTPACK_EX with the fields of a LISTPACK, and room for a due time. Throws OutOfMemory. */
export function toTriples(slabs: Slabs, lp: number): number {
  const count = listpackLength(slabs, lp) / PAIR;
  const room = listpackBytes(slabs, lp) + count * NO_DUE_BYTES + DUE_BYTES;
  const triples = createListpack(slabs, room);
  const end = writeDue(NEVER);
  for (let at = firstElement(slabs, lp); at !== 0; at = nextPacked(slabs, lp, PAIR, at)) {
    readElement(slabs, lp, at, copiedField);
    readElement(slabs, lp, nextElement(slabs, lp, at), copiedValue);
    const field = copiedField;
    const value = copiedValue;
    appendPair(
      slabs,
      triples,
      field.buf,
      field.start,
      field.end,
      value.buf,
      value.start,
      value.end,
    );
    appendElement(slabs, triples, dueText, 0, end);
  }
  return triples;
}
