/**
 * Hashes: fields with a value each, some of which may expire.
 *
 *   LISTPACK      few and short fields (see hash_packed.ts); the entry names the listpack's block
 *   LISTPACK_EX   the same, since a field was given a due time
 *   HASHTABLE     many or long fields: a dict (see hash_table.ts), which the entry names by its
 *                 number in the object table
 *   HASHTABLE_EX  the same, since a field was given a due time: the number is of an ExpiringTable
 *
 * As long as no field has been given a due time, nothing is spent on that. The length beside the
 * value in the entry belongs to the index of hashes with fields that expire (see field_expiry.ts);
 * what is about due times is in hash_due.ts. Here a field that is due is one like any other.
 *
 * Fields and values are shown in views (an {@link Element} each), which are valid until the hash
 * changes. What is put in must not lie in the hash itself.
 */
import { OUT_OF_MEMORY, type Slabs } from "../../memory/slab.ts";
import { Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import {
  createListpack,
  Element,
  elementInteger,
  EMPTY_LISTPACK_BYTES,
  firstElement,
  listpackBytes,
  listpackLength,
  MAX_LISTPACK_BYTES,
  nextElement,
  readElement,
  trimListpack,
} from "../../structures/listpack.ts";
import { Digest } from "../digest.ts";
import { ExpireIndex } from "../expire_index.ts";
import {
  appendPacked,
  copyListpack,
  findPacked,
  PAIR,
  removePacked,
  replacePacked,
  setDuePacked,
  TRIPLE,
} from "./hash_packed.ts";
import {
  compactField,
  copyFields,
  dueOfField,
  type ExpiringTable,
  fieldBytes,
  findField,
  freeField,
  freeFields,
  NEVER,
  removeField,
  setDueOfField,
  setField,
  showName,
  showValue,
} from "./hash_table.ts";
import { compactBuckets } from "../compaction_queue.ts";
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

// ---------------------------------------------------------------- reading

/** Number of fields, those that are due but not yet removed included. */
export function hashLength(context: ValueContext, entry: number): number {
  const { slabs } = context;
  return isPacked(slabs, entry)
    ? listpackLength(slabs, Entry.valueHandle(slabs, entry)) / strideOf(slabs, entry)
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
    const at = findPacked(slabs, lp, strideOf(slabs, entry), buf, start, end);
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
  const lp = Entry.valueHandle(slabs, entry);
  return findPacked(slabs, lp, strideOf(slabs, entry), buf, start, end) !== 0;
}

/**
 * Is shown fields, their values, and when they fall due, NEVER for those that do not expire; must not
 * change the hash, nor look at another one.
 */
export type VisitField<T> = (field: Element, value: Element, target: T, dueMs: number) => void;

/** Visits all fields, those of a listpack in their order. `target` is handed on to `visit`. */
export function forEachField<T>(
  context: ValueContext,
  entry: number,
  visit: VisitField<T>,
  target: T,
): void {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) {
    dictOf(context, entry).forEach((field) => visitEntry(slabs, field, visit, target));
    return;
  }
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  let at = firstElement(slabs, lp);
  while (at !== 0) at = visitPacked(slabs, lp, stride, at, visit, target);
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
 * @param keepDue Whether it keeps its due time, if it has one; else it does not expire any more.
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
  keepDue = false,
): boolean {
  const { slabs } = context;
  const longest = limits.hashMaxListpackValue;
  if (isPacked(slabs, entry) && (end - start > longest || valueEnd - valueStart > longest)) {
    convertToTable(context, entry);
  }
  if (!isPacked(slabs, entry)) {
    return setField(
      slabs,
      dictOf(context, entry),
      expiresOf(context, entry),
      buf,
      start,
      end,
      valueBuf,
      valueStart,
      valueEnd,
      keepDue,
    );
  }
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  const at = findPacked(slabs, lp, stride, buf, start, end);
  let moved = at === 0
    ? appendPacked(slabs, lp, stride, buf, start, end, valueBuf, valueStart, valueEnd)
    : replacePacked(slabs, lp, at, valueBuf, valueStart, valueEnd);
  if (at !== 0 && stride === TRIPLE && !keepDue) moved = setDuePacked(slabs, moved, at, NEVER);
  if (moved !== lp) Entry.setValueHandle(slabs, entry, moved);
  if (listpackLength(slabs, moved) > stride * limits.hashMaxListpackEntries) {
    try {
      convertToTable(context, entry);
    } catch (failure) {
      // Without memory for a dict, the listpack serves as well, until the next field comes.
      if (failure !== OUT_OF_MEMORY) throw failure;
    }
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
  if (!isPacked(slabs, entry)) {
    const expires = expiresOf(context, entry);
    return removeField(slabs, dictOf(context, entry), expires, buf, start, end);
  }
  const lp = Entry.valueHandle(slabs, entry);
  const stride = strideOf(slabs, entry);
  const at = findPacked(slabs, lp, stride, buf, start, end);
  if (at === 0) return false;
  Entry.setValueHandle(slabs, entry, removePacked(slabs, lp, stride, at));
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
    expiresOf(context, entry)?.clear();
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
    const indexBytes = expiresOf(context, entry)?.memoryBytes ?? 0;
    return dict.memoryBytes + indexBytes + (seen === 0 ? 0 : Math.round(bytes / seen * dict.size));
  },

  duplicate(context: ValueContext, entry: number, copy: number): void {
    const { slabs, objects, seed } = context;
    if (isPacked(slabs, entry)) {
      Entry.setValueHandle(slabs, copy, copyListpack(slabs, Entry.valueHandle(slabs, entry)));
      return;
    }
    const dict = new Dict(slabs, seed);
    const expires = expiresOf(context, entry) === null ? null : new ExpireIndex(slabs);
    copyFields(slabs, dictOf(context, entry), dict, expires);
    Entry.setValueHandle(slabs, copy, objects.add(tableOf(dict, expires)));
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
    const { compaction } = context;
    const dict = dictOf(context, entry);
    const expires = expiresOf(context, entry);
    const table = Entry.valueHandle(slabs, entry);
    compaction.add(table, (cursor, tally) =>
      compactBuckets(dict, cursor, (field) => {
        const there = compactField(slabs, field);
        if (there === field) return field;
        if (Entry.isVolatile(slabs, there)) expires!.moved(there);
        tally.moved++;
        return there;
      }));
    if (expires === null) return 0;
    compaction.add(table, (segment, tally) => {
      if (segment >= expires.segmentCount) return 0;
      if (expires.compact(segment)) tally.moved++;
      return segment + 1;
    });
    return 0;
  },
};

/** A hash's digest adds, for each field, the digest of field and value mixed in this order, and that it expires. */
function addToDigest(field: Element, value: Element, digest: Digest, dueMs: number): void {
  const one = new Digest();
  one.mix(field.buf, field.start, field.end);
  one.mix(value.buf, value.start, value.end);
  if (dueMs !== NEVER) one.addFieldExpiry();
  digest.addDigest(one);
}

// ---------------------------------------------------------------- for other files about hashes

/** Whether a hash is a listpack. */
export function isPacked(slabs: Slabs, entry: number): boolean {
  const encoding = Entry.encoding(slabs, entry);
  return encoding === Encoding.LISTPACK || encoding === Encoding.LISTPACK_EX;
}

/** Whether a field of a hash has ever been given a due time. */
export function isExpirable(slabs: Slabs, entry: number): boolean {
  return Entry.encoding(slabs, entry) >= Encoding.LISTPACK_EX;
}

/** Elements of a field in the listpack of a hash that is one. */
export function strideOf(slabs: Slabs, entry: number): number {
  return Entry.encoding(slabs, entry) === Encoding.LISTPACK ? PAIR : TRIPLE;
}

/** The dict of a hash that is one. */
export function dictOf({ slabs, objects }: ValueContext, entry: number): Dict {
  const id = Entry.valueHandle(slabs, entry);
  return Entry.encoding(slabs, entry) === Encoding.HASHTABLE
    ? objects.get<Dict>(id)
    : objects.get<ExpiringTable>(id).dict;
}

/** The fields that expire of a hash that is a dict; null when none has ever had a due time. */
export function expiresOf({ slabs, objects }: ValueContext, entry: number): ExpireIndex | null {
  return Entry.encoding(slabs, entry) === Encoding.HASHTABLE
    ? null
    : objects.get<ExpiringTable>(Entry.valueHandle(slabs, entry)).expires;
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
  visit(visitedField, visitedValue, target, dueOfField(slabs, field));
}

/** Shows the field at a position of a listpack, and its value, to a visitor; returns where the next field is, 0 at the end. */
export function visitPacked<T>(
  slabs: Slabs,
  lp: number,
  stride: number,
  at: number,
  visit: VisitField<T>,
  target: T,
): number {
  const valueAt = nextElement(slabs, lp, at);
  const behind = nextElement(slabs, lp, valueAt);
  readElement(slabs, lp, at, visitedField);
  readElement(slabs, lp, valueAt, visitedValue);
  if (stride === PAIR) {
    visit(visitedField, visitedValue, target, NEVER);
    return behind;
  }
  visit(visitedField, visitedValue, target, elementInteger(slabs, lp, behind) || NEVER);
  return nextElement(slabs, lp, behind);
}

// ---------------------------------------------------------------- inside

const visitedField = new Element();
const visitedValue = new Element();

/** What the object table holds of a big hash. */
function tableOf(dict: Dict, expires: ExpireIndex | null): Dict | ExpiringTable {
  return expires === null ? dict : { dict, expires };
}

/** Turns a listpack into a dict. Throws OutOfMemory with nothing changed. */
function convertToTable(context: ValueContext, entry: number): void {
  const { slabs, objects, seed } = context;
  const lp = Entry.valueHandle(slabs, entry);
  const dict = new Dict(slabs, seed);
  const expires = isExpirable(slabs, entry) ? new ExpireIndex(slabs) : null;
  const add = (field: Element, value: Element, _target: null, dueMs: number) => {
    const { buf, start, end } = field;
    setField(slabs, dict, null, buf, start, end, value.buf, value.start, value.end, false);
    if (expires === null || dueMs === NEVER) return;
    setDueOfField(slabs, { dict, expires }, findField(dict, buf, start, end), dueMs);
  };
  try {
    forEachField(context, entry, add, null);
  } catch (failure) {
    expires?.clear();
    freeFields(slabs, dict);
    throw failure;
  }
  slabs.free(lp);
  Entry.setValueHandle(slabs, entry, objects.add(tableOf(dict, expires)));
  Entry.setEncoding(
    slabs,
    entry,
    expires === null ? Encoding.HASHTABLE : Encoding.HASHTABLE_EX,
  );
}
