/**
 * A big hash: a dict of entries, with the field as the key. A short value lies in the entry, a long
 * one in a block of its own; the entry's clock, type and encoding are not used. A field that expires
 * is a volatile entry, and stands in an index by due time that goes with the dict: the `expires` of
 * the functions here, null while no field has ever been given a due time.
 */
import { copyBytes } from "../../memory/bytes.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import { type Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import type { Slice } from "../database.ts";
import type { ExpireIndex } from "../expire_index.ts";

/** For the due time of a field: it does not expire. */
export const NEVER = Infinity;

/** A big hash whose fields may expire, as the object table holds it. */
export interface ExpiringTable {
  readonly dict: Dict;
  readonly expires: ExpireIndex;
}

/** A value of up to this many bytes lies inside its field's entry. */
const MAX_INLINE_VALUE = 1024;

/** The entry of a field; 0 when missing. */
export function findField(dict: Dict, buf: Uint8Array, start: number, end: number): number {
  return dict.find(buf, start, end, dict.hash(buf, start, end));
}

/** Shows the name of a field. */
export function showName(slabs: Slabs, field: number, view: Slice): void {
  view.buf = slabs.bytes[pageOf(field)];
  view.start = Entry.keyOffset(slabs, field);
  view.end = view.start + Entry.keyLength(slabs, field);
}

/** Shows the value of a field. */
export function showValue(slabs: Slabs, field: number, view: Slice): void {
  if (Entry.isInline(slabs, field)) {
    view.buf = slabs.bytes[pageOf(field)];
    view.start = Entry.valueOffset(slabs, field);
  } else {
    const block = Entry.valueHandle(slabs, field);
    view.buf = slabs.bytes[pageOf(block)];
    view.start = byteOffset(block);
  }
  view.end = view.start + Entry.valueLength(slabs, field);
}

/** When a field falls due; NEVER when it does not. */
export function dueOfField(slabs: Slabs, field: number): number {
  return Entry.isVolatile(slabs, field) ? Entry.dueMs(slabs, field) : NEVER;
}

/**
 * Gives a field a value.
 *
 * @param keepDue Whether it keeps its due time, if it has one; else it does not expire any more.
 * @returns Whether the field is new. Throws OutOfMemory with nothing changed.
 */
export function setField(
  slabs: Slabs,
  dict: Dict,
  expires: ExpireIndex | null,
  buf: Uint8Array,
  start: number,
  end: number,
  valueBuf: Uint8Array,
  valueStart: number,
  valueEnd: number,
  keepDue: boolean,
): boolean {
  const hash = dict.hash(buf, start, end);
  const old = dict.find(buf, start, end, hash);
  const wasVolatile = old !== 0 && Entry.isVolatile(slabs, old);
  const isVolatile = wasVolatile && keepDue;
  if (old !== 0 && wasVolatile === isVolatile) {
    if (overwrite(slabs, old, valueBuf, valueStart, valueEnd)) return false;
  }
  const field = createField(slabs, buf, start, end, valueBuf, valueStart, valueEnd, isVolatile);
  if (old === 0) {
    insertField(slabs, dict, hash, field);
    return true;
  }
  if (isVolatile) {
    Entry.setDueMs(slabs, field, Entry.dueMs(slabs, old));
    expires!.replace(old, field);
  } else if (wasVolatile) {
    expires!.remove(old);
  }
  dict.replace(hash, old, field);
  freeField(slabs, old);
  return false;
}

/** Sets when a field falls due; NEVER: it does not expire. Throws OutOfMemory with nothing changed. */
export function setDueOfField(
  slabs: Slabs,
  { dict, expires }: ExpiringTable,
  field: number,
  dueMs: number,
): void {
  const wasVolatile = Entry.isVolatile(slabs, field);
  const isVolatile = dueMs !== NEVER;
  if (wasVolatile && isVolatile) {
    Entry.setDueMs(slabs, field, dueMs);
    expires.update(field, dueMs);
    return;
  }
  if (wasVolatile === isVolatile) return;
  if (isVolatile) expires.reserve();
  const moved = Entry.withVolatility(slabs, field, isVolatile);
  if (isVolatile) {
    Entry.setDueMs(slabs, moved, dueMs);
    expires.add(moved, dueMs);
  } else {
    expires.remove(field);
  }
  showName(slabs, moved, copiedName);
  const { buf, start, end } = copiedName;
  dict.replace(dict.hash(buf, start, end), field, moved);
  slabs.free(field);
}

/** Takes a field out and frees it; false when it is missing. */
export function removeField(
  slabs: Slabs,
  dict: Dict,
  expires: ExpireIndex | null,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const hash = dict.hash(buf, start, end);
  const field = dict.find(buf, start, end, hash);
  if (field === 0) return false;
  if (Entry.isVolatile(slabs, field)) expires!.remove(field);
  dict.remove(hash, field);
  freeField(slabs, field);
  return true;
}

/**
 * Puts copies of all fields into an empty dict, and into an empty index of its own.
 * Throws OutOfMemory with the two empty again.
 */
export function copyFields(
  slabs: Slabs,
  dict: Dict,
  copy: Dict,
  expires: ExpireIndex | null,
): void {
  try {
    dict.forEach((field) => copyField(slabs, field, copy, expires));
  } catch (failure) {
    expires?.clear();
    freeFields(slabs, copy);
    throw failure;
  }
}

/** Empties a dict and frees its fields, all at once. */
export function freeFields(slabs: Slabs, dict: Dict): void {
  const table = dict.detach();
  if (table !== null) freeSome(slabs, table, Infinity, (field) => freeField(slabs, field));
}

/** Frees a field's entry and what its value holds outside of it. */
export function freeField(slabs: Slabs, field: number): void {
  if (!Entry.isInline(slabs, field)) slabs.free(Entry.valueHandle(slabs, field));
  slabs.free(field);
}

/** Bytes of a field's blocks. */
export function fieldBytes(slabs: Slabs, field: number): number {
  const outside = Entry.isInline(slabs, field) ? 0 : slabs.sizeOf(Entry.valueHandle(slabs, field));
  return slabs.sizeOf(field) + outside;
}

/** Moves a field's blocks where compaction wants them away; returns the field's entry, maybe a new one. */
export function compactField(slabs: Slabs, field: number): number {
  if (!Entry.isInline(slabs, field)) {
    const block = Entry.valueHandle(slabs, field);
    if (slabs.shouldMove(block)) Entry.setValueHandle(slabs, field, slabs.move(block));
  }
  return slabs.shouldMove(field) ? slabs.move(field) : field;
}

const copiedName: Slice = { buf: new Uint8Array(0), start: 0, end: 0 };
const copiedValue: Slice = { buf: new Uint8Array(0), start: 0, end: 0 };

function copyField(
  slabs: Slabs,
  field: number,
  copy: Dict,
  expires: ExpireIndex | null,
): void {
  const isVolatile = Entry.isVolatile(slabs, field);
  if (isVolatile) expires!.reserve();
  showName(slabs, field, copiedName);
  showValue(slabs, field, copiedValue);
  const { buf, start, end } = copiedName;
  const value = copiedValue;
  const copied = createField(slabs, buf, start, end, value.buf, value.start, value.end, isVolatile);
  insertField(slabs, copy, copy.hash(buf, start, end), copied);
  if (!isVolatile) return;
  const dueMs = Entry.dueMs(slabs, field);
  Entry.setDueMs(slabs, copied, dueMs);
  expires!.add(copied, dueMs);
}

function insertField(slabs: Slabs, dict: Dict, hash: number, field: number): void {
  try {
    dict.insert(hash, field);
  } catch (failure) {
    freeField(slabs, field);
    throw failure;
  }
}

/** Writes a value over the old one where there is room for it; false where there is not. */
function overwrite(
  slabs: Slabs,
  field: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const length = end - start;
  if (Entry.isInline(slabs, field)) {
    if (length > MAX_INLINE_VALUE || !Entry.fitsInline(slabs, field, length)) return false;
    Entry.setInlineLength(slabs, field, length);
  } else {
    if (length <= MAX_INLINE_VALUE) return false;
    Entry.setValueHandle(slabs, field, slabs.resize(Entry.valueHandle(slabs, field), length));
    Entry.setValueLength(slabs, field, length);
  }
  writeValue(slabs, field, buf, start, end);
  return true;
}

function createField(
  slabs: Slabs,
  buf: Uint8Array,
  start: number,
  end: number,
  valueBuf: Uint8Array,
  valueStart: number,
  valueEnd: number,
  isVolatile: boolean,
): number {
  const length = valueEnd - valueStart;
  const type = Entry.TypeId.STRING;
  let field: number;
  if (length <= MAX_INLINE_VALUE) {
    field = Entry.createInline(slabs, buf, start, end, length, type, 0, isVolatile, 0);
  } else {
    const block = slabs.alloc(length);
    try {
      field = Entry.createOutOfLine(slabs, buf, start, end, block, length, type, 0, isVolatile, 0);
    } catch (failure) {
      slabs.free(block);
      throw failure;
    }
  }
  writeValue(slabs, field, valueBuf, valueStart, valueEnd);
  return field;
}

const written: Slice = { buf: new Uint8Array(0), start: 0, end: 0 };

function writeValue(
  slabs: Slabs,
  field: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  showValue(slabs, field, written);
  copyBytes(written.buf, written.start, buf, start, end);
}
