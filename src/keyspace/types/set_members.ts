/**
 * The members of a set, whatever its encoding:
 *
 *   INTSET      while all members are integers; up to `set-max-intset-entries`
 *   LISTPACK    while they are few and short; see `set-max-listpack-entries` and `-value`
 *   HASHTABLE   else: a dict of entries that have a key, the member, and no value
 *
 * A set grows from each to those below it and never goes back. Its entry in the database names the
 * block of the intset or of the listpack, or the dict's number in the table of objects.
 *
 * A member comes as the slice of a buffer that is not the set's own, unless it is said otherwise.
 */
import type { Slabs } from "../../memory/slab.ts";
import { Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import {
  createIntset,
  INTSET_TEXT_BYTES,
  intsetAdd,
  intsetHas,
  intsetLength,
  intsetRemove,
  intsetText,
  isIntsetMember,
} from "../../structures/intset.ts";
import {
  appendElement,
  createListpack,
  findElement,
  firstElement,
  listpackBytes,
  listpackLength,
  MAX_LISTPACK_BYTES,
  removeElements,
} from "../../structures/listpack.ts";
import { SetWalk } from "./set_walk.ts";
import { Encoding, type ValueContext } from "./type.ts";

/** The settings that say which encoding a set has. */
export interface SetSettings {
  readonly setMaxIntsetEntries: number;
  readonly setMaxListpackEntries: number;
  readonly setMaxListpackValue: number;
}

/** What sets live in. */
export interface SetContext extends ValueContext {
  readonly settings: SetSettings;
}

/** More than a listpack's element takes beyond its text. */
const ELEMENT_OVERHEAD_BYTES = 16;

/** The encoding of a set without members. */
export const EMPTY_SET_ENCODING = Encoding.INTSET;

/** The value of a set without members, for an entry of {@link EMPTY_SET_ENCODING}. Throws OutOfMemory. */
export function createEmptySet(slabs: Slabs): number {
  return createIntset(slabs);
}

/** Number of members. */
export function setSize({ slabs, objects }: ValueContext, entry: number): number {
  const value = Entry.valueHandle(slabs, entry);
  switch (Entry.encoding(slabs, entry)) {
    case Encoding.INTSET:
      return intsetLength(slabs, value);
    case Encoding.LISTPACK:
      return listpackLength(slabs, value);
    default:
      return objects.get<Dict>(value).size;
  }
}

/** Whether there is such a member; the slice may be of the set itself. */
export function setHas(
  { slabs, objects }: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const value = Entry.valueHandle(slabs, entry);
  switch (Entry.encoding(slabs, entry)) {
    case Encoding.INTSET:
      return intsetHas(slabs, value, buf, start, end);
    case Encoding.LISTPACK:
      return findElement(slabs, value, firstElement(slabs, value), buf, start, end, 1) !== 0;
    default: {
      const dict = objects.get<Dict>(value);
      return dict.find(buf, start, end, dict.hash(buf, start, end)) !== 0;
    }
  }
}

// ---------------------------------------------------------------- adding

/**
 * Adds a member.
 *
 * @returns False when it has been there already. Throws OutOfMemory with the same members as before.
 */
export function setAdd(
  context: SetContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  switch (Entry.encoding(context.slabs, entry)) {
    case Encoding.INTSET:
      return addToIntset(context, entry, buf, start, end);
    case Encoding.LISTPACK:
      return addToListpack(context, entry, buf, start, end);
    default: {
      const { slabs, objects } = context;
      return addToDict(slabs, objects.get(Entry.valueHandle(slabs, entry)), buf, start, end);
    }
  }
}

function addToIntset(
  context: SetContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs, settings } = context;
  const set = Entry.valueHandle(slabs, entry);
  if (isIntsetMember(buf, start, end)) {
    if (intsetHas(slabs, set, buf, start, end)) return false;
    if (intsetLength(slabs, set) < settings.setMaxIntsetEntries) {
      Entry.setValueHandle(slabs, entry, intsetAdd(slabs, set, buf, start, end));
      return true;
    }
  }
  const length = Math.max(end - start, longestInteger(slabs, set));
  if (fitsListpack(settings, intsetLength(slabs, set), 0, length)) toListpack(context, entry);
  else toDict(context, entry);
  return setAdd(context, entry, buf, start, end);
}

function addToListpack(
  context: SetContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs, settings } = context;
  const lp = Entry.valueHandle(slabs, entry);
  if (findElement(slabs, lp, firstElement(slabs, lp), buf, start, end, 1) !== 0) return false;
  const bytes = listpackBytes(slabs, lp);
  if (fitsListpack(settings, listpackLength(slabs, lp), bytes, end - start)) {
    Entry.setValueHandle(slabs, entry, appendElement(slabs, lp, buf, start, end));
    return true;
  }
  toDict(context, entry);
  return setAdd(context, entry, buf, start, end);
}

/** Adds a member to the dict of a big set; false when it has been there. Throws OutOfMemory with nothing changed. */
export function addToDict(
  slabs: Slabs,
  dict: Dict,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const hash = dict.hash(buf, start, end);
  if (dict.find(buf, start, end, hash) !== 0) return false;
  const { STRING } = Entry.TypeId;
  const member = Entry.createInline(slabs, buf, start, end, 0, STRING, Encoding.RAW, false, 0);
  try {
    dict.insert(hash, member);
  } catch (failure) {
    slabs.free(member);
    throw failure;
  }
  return true;
}

// ---------------------------------------------------------------- removing

/**
 * Takes a member out; the slice may be of the set itself. The set may be empty then, which the
 * caller does not let it stay.
 *
 * @returns False when it has not been there.
 */
export function setRemove(
  { slabs, objects }: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const value = Entry.valueHandle(slabs, entry);
  switch (Entry.encoding(slabs, entry)) {
    case Encoding.INTSET:
      if (!intsetHas(slabs, value, buf, start, end)) return false;
      Entry.setValueHandle(slabs, entry, intsetRemove(slabs, value, buf, start, end));
      return true;
    case Encoding.LISTPACK: {
      const pos = findElement(slabs, value, firstElement(slabs, value), buf, start, end, 1);
      if (pos === 0) return false;
      Entry.setValueHandle(slabs, entry, removeElements(slabs, value, pos, 1));
      return true;
    }
    default: {
      const dict = objects.get<Dict>(value);
      const hash = dict.hash(buf, start, end);
      const member = dict.find(buf, start, end, hash);
      if (member === 0) return false;
      dict.remove(hash, member);
      slabs.free(member);
      return true;
    }
  }
}

// ---------------------------------------------------------------- from one encoding to the next

const text = new Uint8Array(INTSET_TEXT_BYTES);
const walk = new SetWalk();

/** Length of the longest member's text; it is the least or the greatest integer's. */
function longestInteger(slabs: Slabs, set: number): number {
  const length = intsetLength(slabs, set);
  if (length === 0) return 0;
  return Math.max(
    intsetText(slabs, set, 0, text),
    intsetText(slabs, set, length - 1, text),
  );
}

/** Whether a listpack of so many members and bytes may get another member; none is longer than `longest`. */
function fitsListpack(
  settings: SetSettings,
  members: number,
  bytes: number,
  longest: number,
): boolean {
  return members < settings.setMaxListpackEntries && longest <= settings.setMaxListpackValue &&
    bytes + longest + ELEMENT_OVERHEAD_BYTES <= MAX_LISTPACK_BYTES;
}

function toListpack(context: SetContext, entry: number): void {
  const { slabs } = context;
  let lp = createListpack(slabs);
  walk.begin(context, entry);
  try {
    while (walk.next()) lp = appendElement(slabs, lp, walk.buf, walk.start, walk.end);
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
  slabs.free(Entry.valueHandle(slabs, entry));
  Entry.setEncoding(slabs, entry, Encoding.LISTPACK);
  Entry.setValueHandle(slabs, entry, lp);
}

function toDict(context: SetContext, entry: number): void {
  const { slabs, objects } = context;
  const dict = copyToDict(context, entry);
  slabs.free(Entry.valueHandle(slabs, entry));
  Entry.setEncoding(slabs, entry, Encoding.HASHTABLE);
  Entry.setValueHandle(slabs, entry, objects.add(dict));
}

/** A dict with the members of a set. Throws OutOfMemory with nothing changed. */
export function copyToDict(context: ValueContext, entry: number): Dict {
  const { slabs, seed } = context;
  const dict = new Dict(slabs, seed);
  walk.begin(context, entry);
  try {
    while (walk.next()) addToDict(slabs, dict, walk.buf, walk.start, walk.end);
  } catch (failure) {
    freeMembers(slabs, dict);
    throw failure;
  }
  return dict;
}

/** Frees a dict's members and table at once. */
export function freeMembers(slabs: Slabs, dict: Dict): void {
  const table = dict.detach();
  if (table !== null) freeSome(slabs, table, Infinity, (member) => slabs.free(member));
}
