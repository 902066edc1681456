/**
 * When the fields of hashes fall due. A hash that has been made {@link makeExpirable} keeps its
 * earliest due time at hand: at the head of its listpack, or of the index that goes with its dict.
 *
 * Whoever changes due times, or fields that have one, has to tell the index of hashes that is kept
 * for each database; see field_expiry.ts.
 */
import * as Entry from "../../structures/entry.ts";
import { Element, firstElement, readElement } from "../../structures/listpack.ts";
import type { Dict } from "../../structures/dict.ts";
import { ExpireIndex } from "../expire_index.ts";
import {
  dictOf,
  expiresOf,
  forEachField,
  hashLength,
  isExpirable,
  isPacked,
  removeHashField,
  strideOf,
  type VisitField,
} from "./hash.ts";
import {
  duePacked,
  findPacked,
  nextPacked,
  removePacked,
  setDuePacked,
  toTriples,
  TRIPLE,
} from "./hash_packed.ts";
import {
  dueOfField,
  type ExpiringTable,
  findField,
  NEVER,
  setDueOfField,
  showName,
} from "./hash_table.ts";
import { Encoding, type ValueContext } from "./type.ts";

export { NEVER };

/** Gives a hash the form in which fields can have due times. Throws OutOfMemory with nothing changed. */
export function makeExpirable(context: ValueContext, entry: number): void {
  const { slabs, objects } = context;
  if (isExpirable(slabs, entry)) return;
  const value = Entry.valueHandle(slabs, entry);
  if (isPacked(slabs, entry)) {
    Entry.setValueHandle(slabs, entry, toTriples(slabs, value));
    Entry.setEncoding(slabs, entry, Encoding.LISTPACK_EX);
    slabs.free(value);
    return;
  }
  const table: ExpiringTable = { dict: objects.get<Dict>(value), expires: new ExpireIndex(slabs) };
  objects.remove(value);
  Entry.setValueHandle(slabs, entry, objects.add(table));
  Entry.setEncoding(slabs, entry, Encoding.HASHTABLE_EX);
}

/** When a field falls due, in ms since 1970: NEVER when it does not expire, NaN when it is missing. */
export function fieldDue(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) {
    const field = findField(dictOf(context, entry), buf, start, end);
    return field === 0 ? NaN : dueOfField(slabs, field);
  }
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  const at = findPacked(slabs, lp, stride, buf, start, end);
  if (at === 0) return NaN;
  return stride === TRIPLE ? duePacked(slabs, lp, at) : NEVER;
}

/**
 * Sets when a field falls due, which must be there, of a hash that has been made expirable.
 *
 * @param dueMs In ms since 1970, more than 0; NEVER: it does not expire any more.
 * Throws OutOfMemory with nothing changed.
 */
export function setFieldDue(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  dueMs: number,
): void {
  const { slabs, objects } = context;
  const value = Entry.valueHandle(slabs, entry);
  if (isPacked(slabs, entry)) {
    const at = findPacked(slabs, value, TRIPLE, buf, start, end);
    Entry.setValueHandle(slabs, entry, setDuePacked(slabs, value, at, dueMs));
    return;
  }
  const table = objects.get<ExpiringTable>(value);
  setDueOfField(slabs, table, findField(table.dict, buf, start, end), dueMs);
}

/** When the first field of a hash falls due; NEVER when none expires. */
export function earliestDue(context: ValueContext, entry: number): number {
  const { slabs } = context;
  if (!isExpirable(slabs, entry)) return NEVER;
  if (!isPacked(slabs, entry)) return expiresOf(context, entry)!.nextDueMs;
  const lp = Entry.valueHandle(slabs, entry);
  const first = firstElement(slabs, lp);
  return first === 0 ? NEVER : duePacked(slabs, lp, first);
}

/** How many fields are not due at `nowMs`. O(number of those that are). */
export function liveLength(context: ValueContext, entry: number, nowMs: number): number {
  const { slabs } = context;
  let due = 0;
  if (!isExpirable(slabs, entry)) return hashLength(context, entry);
  if (!isPacked(slabs, entry)) {
    due = expiresOf(context, entry)!.countDue(nowMs);
  } else {
    const lp = Entry.valueHandle(slabs, entry);
    let at = firstElement(slabs, lp);
    for (; at !== 0 && duePacked(slabs, lp, at) <= nowMs; due++) {
      at = nextPacked(slabs, lp, TRIPLE, at);
    }
  }
  return hashLength(context, entry) - due;
}

/** Visits the fields that are not due at `nowMs`, as {@link forEachField} does. */
export function forEachLiveField<T>(
  context: ValueContext,
  entry: number,
  nowMs: number,
  visit: VisitField<T>,
  target: T,
): void {
  forEachField(context, entry, (field, value, target, dueMs) => {
    if (dueMs > nowMs) visit(field, value, target, dueMs);
  }, target);
}

/** Is shown the name of a field. */
export type VisitName = (buf: Uint8Array, start: number, end: number) => void;

/**
 * Removes the field that falls due first, if it is due at `nowMs`.
 *
 * @param visit Is shown its name before that.
 * @returns Whether there was one.
 */
export function removeFirstDue(
  context: ValueContext,
  entry: number,
  nowMs: number,
  visit: VisitName,
): boolean {
  if (earliestDue(context, entry) > nowMs) return false;
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const at = firstElement(slabs, lp);
    readElement(slabs, lp, at, name);
    visit(name.buf, name.start, name.end);
    Entry.setValueHandle(slabs, entry, removePacked(slabs, lp, TRIPLE, at));
    return true;
  }
  showName(slabs, expiresOf(context, entry)!.first, name);
  visit(name.buf, name.start, name.end);
  return removeHashField(context, entry, name.buf, name.start, name.end);
}

const name = new Element();
