/**
 * What can be done with the list of an entry, whatever its encoding.
 *
 * A list is a listpack as long as that fits into one node of a quicklist (`list-max-listpack-size`),
 * and becomes one again when a single node is left that is at most half full: so a list whose length
 * goes up and down by a few does not change its encoding each time.
 *
 * The entry keeps its place whatever happens here. A text to be put in must not lie in the list. A
 * list may be empty only for a moment: its key goes with its last element, which is the caller's to do.
 */
import {
  createListpack,
  type Element,
  elementAt,
  elementEquals,
  firstElement,
  insertElement,
  lastElement,
  listpackBytes,
  listpackLength,
  nextElement,
  previousElement,
  readElement,
  removeElements,
  replaceElement,
  trimListpack,
} from "../../structures/listpack.ts";
import { replyListpack } from "../../structures/listpack_reply.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import * as Entry from "../../structures/entry.ts";
import * as Quicklist from "../../structures/quicklist.ts";
import * as Edit from "../../structures/quicklist_edit.ts";
import type { Database } from "../database.ts";
import { Encoding } from "./type.ts";

/** Where in a list an element is. In a listpack `node` is 0, and else see quicklist.ts. */
export type ListCursor = Quicklist.Cursor;

/** Adds a key with an empty list, to which something must be added at once. Throws OutOfMemory with nothing changed. */
export function createList(db: Database, buf: Uint8Array, start: number, end: number): number {
  const { slabs } = db.keyspace;
  const lp = createListpack(slabs);
  try {
    return db.createValue(buf, start, end, Entry.TypeId.LIST, Encoding.LISTPACK, lp, 0);
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
}

/** A draft (see {@link Database}) with an empty list, to which something must be added. Throws OutOfMemory. */
export function createListDraft(
  db: Database,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const { slabs } = db.keyspace;
  const lp = createListpack(slabs);
  try {
    return db.draft(buf, start, end, Entry.TypeId.LIST, Encoding.LISTPACK, lp, 0);
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
}

function isListpack(db: Database, entry: number): boolean {
  return db.encoding(entry) === Encoding.LISTPACK;
}

/** The listpack is another block now. */
function setListpack(db: Database, entry: number, lp: number): void {
  db.setOutsideValue(entry, Encoding.LISTPACK, lp, 0);
}

/** Number of elements. */
export function listLength(db: Database, entry: number): number {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  return isListpack(db, entry)
    ? listpackLength(slabs, list)
    : Quicklist.quicklistLength(slabs, list);
}

// ---------------------------------------------------------------- encodings

/**
 * Makes a listpack a quicklist when `count` more elements, of `bytes` bytes of text in all, would be
 * too many for it. To be called before they are added.
 */
export function makeRoom(db: Database, entry: number, bytes: number, count: number): void {
  if (!isListpack(db, entry)) return;
  const { slabs, settings } = db.keyspace;
  const lp = db.outsideValue(entry);
  const size = listpackBytes(slabs, lp) + bytes;
  const length = listpackLength(slabs, lp) + count;
  if (!Edit.exceedsNode(settings.listMaxListpackSize, size, length)) return;
  const isEmpty = length === count;
  const depth = settings.listCompressDepth;
  const list = isEmpty
    ? Quicklist.createQuicklist(slabs, depth)
    : Quicklist.quicklistOf(slabs, lp, depth);
  if (isEmpty) slabs.free(lp);
  db.setOutsideValue(entry, Encoding.QUICKLIST, list, 0);
}

/** Makes a quicklist a listpack when it has shrunk to one that is at most half full. */
export function shrink(db: Database, entry: number): void {
  if (isListpack(db, entry)) return;
  const { slabs, settings } = db.keyspace;
  const list = db.outsideValue(entry);
  if (Quicklist.nodeCount(slabs, list) !== 1) return;
  const node = Quicklist.endNode(slabs, list, true);
  if (Quicklist.isPlain(slabs, node)) return;
  const bytes = 2 * Quicklist.rawBytes(slabs, node);
  const count = 2 * Quicklist.elementsOf(slabs, node);
  if (Edit.exceedsNode(settings.listMaxListpackSize, bytes, count)) return;
  setListpack(db, entry, trimListpack(slabs, Quicklist.takeListpack(slabs, list)));
}

// ---------------------------------------------------------------- going through

/** Puts the cursor on an element; a negative index counts from the end. False when there is none. */
export function seekIn(db: Database, entry: number, index: number, cursor: ListCursor): boolean {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  if (!isListpack(db, entry)) return Quicklist.seek(slabs, list, index, cursor);
  cursor.node = 0;
  cursor.pos = elementAt(slabs, list, index);
  return cursor.pos !== 0;
}

/** Puts the cursor on the first element, or the last, which there must be. */
export function seekEnd(db: Database, entry: number, atHead: boolean, cursor: ListCursor): void {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  if (!isListpack(db, entry)) {
    Quicklist.enter(slabs, Quicklist.endNode(slabs, list, atHead), cursor, atHead);
    return;
  }
  cursor.node = 0;
  cursor.pos = atHead ? firstElement(slabs, list) : lastElement(slabs, list);
}

/** Puts the cursor on the next element, or the previous one. False at the end. */
export function advanceIn(
  db: Database,
  entry: number,
  cursor: ListCursor,
  forward: boolean,
): boolean {
  const { slabs } = db.keyspace;
  if (cursor.node !== 0) return Quicklist.advance(slabs, cursor, forward);
  const lp = db.outsideValue(entry);
  const pos = forward ? nextElement(slabs, lp, cursor.pos) : previousElement(slabs, lp, cursor.pos);
  if (pos !== 0) cursor.pos = pos;
  return pos !== 0;
}

/** Shows the element under the cursor; the view is valid until the list changes. */
export function readIn(db: Database, entry: number, cursor: ListCursor, view: Element): void {
  const { slabs } = db.keyspace;
  if (cursor.node !== 0) Quicklist.readAt(slabs, cursor, view);
  else readElement(slabs, db.outsideValue(entry), cursor.pos, view);
}

/** Replies with `count` elements, which there must be, from the one under the cursor on. The cursor is not valid afterwards. */
export function replyFrom(
  db: Database,
  reply: ReplyWriter,
  entry: number,
  cursor: ListCursor,
  count: number,
): void {
  const { slabs } = db.keyspace;
  if (cursor.node !== 0) Quicklist.replyElements(slabs, reply, cursor, count);
  else replyListpack(reply, slabs, db.outsideValue(entry), cursor.pos, count);
}

/** Whether the element under the cursor is `buf[start, end)`. */
export function equalsIn(
  db: Database,
  entry: number,
  cursor: ListCursor,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs } = db.keyspace;
  if (cursor.node !== 0) return Quicklist.equalsAt(slabs, cursor, buf, start, end);
  return elementEquals(slabs, db.outsideValue(entry), cursor.pos, buf, start, end);
}

// ---------------------------------------------------------------- changing

/** Adds an element at the head, or at the tail. Room must have been made for it, see {@link makeRoom}. */
export function pushTo(
  db: Database,
  entry: number,
  atHead: boolean,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { slabs, settings } = db.keyspace;
  const list = db.outsideValue(entry);
  if (isListpack(db, entry)) {
    const pos = atHead ? firstElement(slabs, list) : 0;
    setListpack(db, entry, insertElement(slabs, list, pos, buf, start, end));
  } else {
    Edit.push(slabs, list, settings.listMaxListpackSize, atHead, buf, start, end);
  }
}

/** Removes the first element, or the last, which there must be. */
export function popOne(db: Database, entry: number, atHead: boolean): void {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  if (!isListpack(db, entry)) return Edit.pop(slabs, list, atHead);
  const pos = atHead ? firstElement(slabs, list) : lastElement(slabs, list);
  setListpack(db, entry, removeElements(slabs, list, pos, 1));
}

/** Puts another element into the place of the one under the cursor, which is not valid afterwards. */
export function replaceIn(
  db: Database,
  entry: number,
  cursor: ListCursor,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { slabs, settings } = db.keyspace;
  const list = db.outsideValue(entry);
  if (cursor.node === 0) {
    setListpack(db, entry, replaceElement(slabs, list, cursor.pos, buf, start, end));
  } else {
    Edit.replaceAt(slabs, list, settings.listMaxListpackSize, cursor, buf, start, end);
  }
}

/** Adds an element behind the one under the cursor, or before it. The cursor is not valid afterwards. */
export function insertIn(
  db: Database,
  entry: number,
  cursor: ListCursor,
  behind: boolean,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { slabs, settings } = db.keyspace;
  const list = db.outsideValue(entry);
  if (cursor.node === 0) {
    const pos = behind ? nextElement(slabs, list, cursor.pos) : cursor.pos;
    setListpack(db, entry, insertElement(slabs, list, pos, buf, start, end));
  } else {
    Edit.insertAt(slabs, list, settings.listMaxListpackSize, cursor, behind, buf, start, end);
  }
}

/**
 * Removes the element under the cursor, which is then on the one behind it, or with `forward` false
 * before it. False when there is none.
 */
export function removeIn(
  db: Database,
  entry: number,
  cursor: ListCursor,
  forward: boolean,
): boolean {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  if (cursor.node !== 0) return Edit.removeAt(slabs, list, cursor, forward);
  const { pos } = cursor;
  const next = forward
    ? nextElement(slabs, list, pos) === 0 ? 0 : pos
    : previousElement(slabs, list, pos);
  setListpack(db, entry, removeElements(slabs, list, pos, 1));
  if (next !== 0) cursor.pos = next;
  return next !== 0;
}

/** To be called after {@link removeIn}, or a walk that goes on from there, which has ended before the list's end. */
export function leaveIn(db: Database, cursor: ListCursor): void {
  if (cursor.node !== 0) Edit.leave(db.keyspace.slabs, cursor);
}

/** Removes `count` elements from `index` on, all that there are at most; a negative index counts from the end. */
export function removeRangeFrom(
  db: Database,
  entry: number,
  index: number,
  count: number,
): void {
  if (count <= 0) return;
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  if (!isListpack(db, entry)) return Edit.removeRange(slabs, list, index, count);
  const pos = elementAt(slabs, list, index);
  if (pos !== 0) setListpack(db, entry, removeElements(slabs, list, pos, count));
}
