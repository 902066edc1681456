/**
 * Hashes: fields with a value each. A small one is a listpack of field, value, field, value …; one
 * with many or long fields is a dict (see hash_table.ts), which the entry names by its number in the
 * object table. The length beside the value in the entry is not used.
 *
 * Fields and values are shown in views (an {@link Element} each), which are valid until the hash
 * changes. What is put in must not lie in the hash itself.
 */
import type { Slabs } from "../../memory/slab.ts";
import { Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import {
  appendPair,
  createListpack,
  Element,
  EMPTY_LISTPACK_BYTES,
  findElement,
  firstElement,
  listpackBytes,
  listpackLength,
  MAX_LISTPACK_BYTES,
  nextElement,
  readElement,
  removeElements,
  replaceElement,
  trimListpack,
} from "../../structures/listpack.ts";
import { copyBytes } from "../../memory/bytes.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import { Digest } from "../digest.ts";
import {
  compactField,
  copyFields,
  fieldBytes,
  findField,
  freeField,
  freeFields,
  removeField,
  setField,
  showName,
  showValue,
} from "./hash_table.ts";
import { Encoding, type ValueContext, type ValueType } from "./type.ts";

/** Up to where a hash stays a listpack. */
export interface HashLimits {
  /** Number of fields. */
  readonly hashMaxListpackEntries: number;
  /** Bytes of a field or a value. */
  readonly hashMaxListpackValue: number;
}

/** A dict of up to this many fields is freed at once, a bigger one in slices. */
const FREED_AT_ONCE = 64;
/** Buckets freed between two looks at the time. */
const BUCKETS_PER_STEP = 64;
/** In a listpack every other element is a field. */
const FIELD_STEP = 2;

// ---------------------------------------------------------------- reading

/** Number of fields. */
export function hashLength(context: ValueContext, entry: number): number {
  const { slabs } = context;
  return isPacked(slabs, entry)
    ? listpackLength(slabs, Entry.valueHandle(slabs, entry)) / 2
    : dictOf(context, entry).size;
}

/** Shows the value of a field; false when it is missing. */
export function getField(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  value: Element,
): boolean {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const at = findPacked(slabs, lp, buf, start, end);
    if (at === 0) return false;
    readElement(slabs, lp, nextElement(slabs, lp, at), value);
    return true;
  }
  const field = findField(dictOf(context, entry), buf, start, end);
  if (field === 0) return false;
  showValue(slabs, field, value);
  return true;
}

/** Whether there is such a field. */
export function hasField(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) return findField(dictOf(context, entry), buf, start, end) !== 0;
  return findPacked(slabs, Entry.valueHandle(slabs, entry), buf, start, end) !== 0;
}

/** Is shown fields and their values; must not change the hash, nor look at another one. */
export type VisitField<T> = (field: Element, value: Element, target: T) => void;

/** Visits all fields, those of a listpack in their order. `target` is handed on to `visit`. */
export function forEachField<T>(
  context: ValueContext,
  entry: number,
  visit: VisitField<T>,
  target: T,
): void {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    forEachPacked(slabs, Entry.valueHandle(slabs, entry), visit, target);
    return;
  }
  dictOf(context, entry).forEach((field) => visitEntry(slabs, field, visit, target));
}

/**
 * Collects some fields of a dict, as SCAN does, to be shown with {@link visitEntry}.
 *
 * @param count How many are wanted; @param buckets how many buckets to look at, at most.
 * @param fields Receives their entries.
 * @returns The next cursor; 0: done.
 */
export function scanFields(
  context: ValueContext,
  entry: number,
  cursor: number,
  count: number,
  buckets: number,
  fields: number[],
): number {
  const dict = dictOf(context, entry);
  const collect = (field: number) => {
    fields.push(field);
  };
  let next = cursor;
  let left = buckets;
  do next = dict.scan(next, collect); while (next !== 0 && fields.length < count && --left > 0);
  return next;
}

// ---------------------------------------------------------------- writing

/**
 * A new hash without fields: the handle of a listpack. Throws OutOfMemory.
 *
 * @param bytes What fields and values to come will take together, if that is known, for which room
 *   is made at once; {@link trimHash} gives back what is left of it.
 */
export function createHash(slabs: Slabs, bytes = 0): number {
  return createListpack(slabs, EMPTY_LISTPACK_BYTES + bytes);
}

/** Gives back the room that a hash has not used. */
export function trimHash({ slabs }: ValueContext, entry: number): void {
  if (!isPacked(slabs, entry)) return;
  const lp = Entry.valueHandle(slabs, entry);
  Entry.setValueHandle(slabs, entry, trimListpack(slabs, lp));
}

/**
 * Gives a field a value. A listpack that has become too big turns into a dict.
 *
 * @returns Whether the field is new. Throws OutOfMemory with the content unchanged.
 */
export function setHashField(
  context: ValueContext,
  entry: number,
  limits: HashLimits,
  buf: Uint8Array,
  start: number,
  end: number,
  valueBuf: Uint8Array,
  valueStart: number,
  valueEnd: number,
): boolean {
  const { slabs } = context;
  const longest = limits.hashMaxListpackValue;
  if (isPacked(slabs, entry) && (end - start > longest || valueEnd - valueStart > longest)) {
    convertToTable(context, entry);
  }
  if (!isPacked(slabs, entry)) {
    const dict = dictOf(context, entry);
    return setField(slabs, dict, buf, start, end, valueBuf, valueStart, valueEnd);
  }
  const lp = Entry.valueHandle(slabs, entry);
  const at = findPacked(slabs, lp, buf, start, end);
  const moved = at === 0
    ? appendPair(slabs, lp, buf, start, end, valueBuf, valueStart, valueEnd)
    : replaceElement(slabs, lp, nextElement(slabs, lp, at), valueBuf, valueStart, valueEnd);
  if (moved !== lp) Entry.setValueHandle(slabs, entry, moved);
  if (listpackLength(slabs, moved) > 2 * limits.hashMaxListpackEntries) {
    convertToTable(context, entry);
  }
  return at === 0;
}

/**
 * Makes sure that a listpack can take so much more: it turns into a dict when one of the texts is
 * too long for it, or all together would make it too big.
 *
 * @param longest Bytes of the longest field or value to come; @param total bytes of all of them.
 */
export function expectFields(
  context: ValueContext,
  entry: number,
  limits: HashLimits,
  longest: number,
  total: number,
): void {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) return;
  const bytes = listpackBytes(slabs, Entry.valueHandle(slabs, entry)) + total;
  if (longest > limits.hashMaxListpackValue || bytes > MAX_LISTPACK_BYTES) {
    convertToTable(context, entry);
  }
}

/** Removes a field; false when it is missing. A hash without fields is left to the caller. */
export function removeHashField(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) return removeField(slabs, dictOf(context, entry), buf, start, end);
  const lp = Entry.valueHandle(slabs, entry);
  const at = findPacked(slabs, lp, buf, start, end);
  if (at === 0) return false;
  Entry.setValueHandle(slabs, entry, removeElements(slabs, lp, at, FIELD_STEP));
  return true;
}

// ---------------------------------------------------------------- the type

export const hashType: ValueType = {
  name: "hash",

  release(context: ValueContext, entry: number): void {
    const { slabs, objects, lazyFree } = context;
    if (isPacked(slabs, entry)) {
      slabs.free(Entry.valueHandle(slabs, entry));
      return;
    }
    const dict = dictOf(context, entry);
    objects.remove(Entry.valueHandle(slabs, entry));
    if (dict.size <= FREED_AT_ONCE) {
      freeFields(slabs, dict);
      return;
    }
    const table = dict.detach();
    if (table === null) return;
    lazyFree.structure(() =>
      freeSome(slabs, table, BUCKETS_PER_STEP, (field) => freeField(slabs, field))
    );
  },

  outsideBytes(context: ValueContext, entry: number, samples: number): number {
    const { slabs } = context;
    if (isPacked(slabs, entry)) return slabs.sizeOf(Entry.valueHandle(slabs, entry));
    const dict = dictOf(context, entry);
    const wanted = samples === 0 ? dict.size : samples;
    let seen = 0;
    let bytes = 0;
    let cursor = 0;
    do {
      cursor = dict.scan(cursor, (field) => {
        bytes += fieldBytes(slabs, field);
        seen++;
      });
    } while (cursor !== 0 && seen < wanted);
    return dict.memoryBytes + (seen === 0 ? 0 : Math.round(bytes / seen * dict.size));
  },

  duplicate(context: ValueContext, entry: number, copy: number): void {
    const { slabs, objects, seed } = context;
    if (isPacked(slabs, entry)) {
      Entry.setValueHandle(slabs, copy, copyListpack(slabs, Entry.valueHandle(slabs, entry)));
      return;
    }
    const dict = new Dict(slabs, seed);
    copyFields(slabs, dictOf(context, entry), dict);
    Entry.setValueHandle(slabs, copy, objects.add(dict));
  },

  digest(context: ValueContext, entry: number, digest: Digest): void {
    forEachField(context, entry, addToDigest, digest);
  },

  compact(context: ValueContext, entry: number): number {
    const { slabs } = context;
    if (isPacked(slabs, entry)) {
      const lp = Entry.valueHandle(slabs, entry);
      if (!slabs.shouldMove(lp)) return 0;
      Entry.setValueHandle(slabs, entry, slabs.move(lp));
      return 1;
    }
    const dict = dictOf(context, entry);
    let moved = 0;
    let cursor = 0;
    do {
      cursor = dict.scanSlots(cursor, (field) => {
        const there = compactField(slabs, field);
        if (there !== field) moved++;
        return there;
      });
    } while (cursor !== 0);
    return moved;
  },
};

/** A hash's digest adds, for each field, the digest of field and value mixed in this order. */
function addToDigest(field: Element, value: Element, digest: Digest): void {
  const one = new Digest();
  one.mix(field.buf, field.start, field.end);
  one.mix(value.buf, value.start, value.end);
  digest.addDigest(one);
}

// ---------------------------------------------------------------- for other files about hashes

/** Whether a hash is a listpack. */
export function isPacked(slabs: Slabs, entry: number): boolean {
  return Entry.encoding(slabs, entry) === Encoding.LISTPACK;
}

/** The dict of a hash that is one. */
export function dictOf({ slabs, objects }: ValueContext, entry: number): Dict {
  return objects.get<Dict>(Entry.valueHandle(slabs, entry));
}

/** Shows a dict's field to a visitor. */
export function visitEntry<T>(
  slabs: Slabs,
  field: number,
  visit: VisitField<T>,
  target: T,
): void {
  showName(slabs, field, visitedField);
  showValue(slabs, field, visitedValue);
  visit(visitedField, visitedValue, target);
}

/** Shows the field at a position of a listpack, and its value, to a visitor; returns where the value is. */
export function visitPacked<T>(
  slabs: Slabs,
  lp: number,
  at: number,
  visit: VisitField<T>,
  target: T,
): number {
  const valueAt = nextElement(slabs, lp, at);
  readElement(slabs, lp, at, visitedField);
  readElement(slabs, lp, valueAt, visitedValue);
  visit(visitedField, visitedValue, target);
  return valueAt;
}

// ---------------------------------------------------------------- inside

const visitedField = new Element();
const visitedValue = new Element();

function findPacked(slabs: Slabs, lp: number, buf: Uint8Array, start: number, end: number): number {
  return findElement(slabs, lp, firstElement(slabs, lp), buf, start, end, FIELD_STEP);
}

function forEachPacked<T>(slabs: Slabs, lp: number, visit: VisitField<T>, target: T): void {
  let at = firstElement(slabs, lp);
  while (at !== 0) at = nextElement(slabs, lp, visitPacked(slabs, lp, at, visit, target));
}

function copyListpack(slabs: Slabs, lp: number): number {
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

/** Turns a listpack into a dict. Throws OutOfMemory with nothing changed. */
function convertToTable(context: ValueContext, entry: number): void {
  const { slabs, objects, seed } = context;
  const lp = Entry.valueHandle(slabs, entry);
  const dict = new Dict(slabs, seed);
  try {
    forEachPacked(slabs, lp, (field, value) => {
      setField(slabs, dict, field.buf, field.start, field.end, value.buf, value.start, value.end);
    }, null);
  } catch (failure) {
    freeFields(slabs, dict);
    throw failure;
  }
  slabs.free(lp);
  Entry.setValueHandle(slabs, entry, objects.add(dict));
  Entry.setEncoding(slabs, entry, Encoding.HASHTABLE);
}
