/**
 * A node of a stream: some entries in one listpack, in the layout of Redis's stream nodes (format:
 * `t_stream.c` of Redis 5 and later; RDB files hold these very bytes). It begins with a master entry,
 * which names the fields of the first entry:
 *
 *     count  deleted  number of fields  field …  0
 *
 * Each entry follows, with its ID as the difference to the node's:
 *
 *     flags  ms  seq  value …                                  count    the fields are the master's
 *     flags  ms  seq  number of fields  field value …          count    it has fields of its own
 *
 * The last element of an entry is the number of those before it, for walks backwards; that of the
 * master is 0. A removed entry keeps its place and is flagged as deleted.
 */
import type { Args } from "../resp/args.ts";
import { INT64_TEXT_BYTES, writeInteger } from "../memory/numbers.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  appendElement,
  appendSmallInteger,
  createListpack,
  elementEquals,
  elementInteger,
  elementSize,
  EMPTY_LISTPACK_BYTES,
  firstElement,
  ListpackAppender,
  listpackBytes,
  nextElement,
  replaceElement,
  setSmallInteger,
  SMALL_INTEGER_MAX,
} from "./listpack.ts";
import { deltaOf, type StreamId, writeDelta } from "./stream_id.ts";

/** An entry that has been removed. */
export const ENTRY_DELETED = 1;
/** An entry whose fields are those of the master. */
export const ENTRY_SAME_FIELDS = 2;

/** Elements of an entry besides fields and values when the fields are the master's: flags, ms, seq. */
const HEAD_ELEMENTS = 3;
/** The longest that a number becomes as an element, and what a string does besides its bytes. */
const NUMBER_BYTES = 10;
/** Numbers in an entry, and what those of the master may grow by. */
const ENTRY_NUMBERS = 6;

const appender = new ListpackAppender();
const text = new Uint8Array(INT64_TEXT_BYTES);

/** A new node with a master entry whose fields are every other argument from `first` on. Throws OutOfMemory. */
export function createNode(slabs: Slabs, args: Args, first: number): number {
  let size = EMPTY_LISTPACK_BYTES + 4 * NUMBER_BYTES + entryBytes(args, first);
  for (let i = first; i < args.count; i += 2) {
    size += elementSize(args.bufs[i], args.starts[i], args.ends[i]);
  }
  const lp = createListpack(slabs, size);
  appendNumber(slabs, lp, 0);
  appendNumber(slabs, lp, 0);
  appendNumber(slabs, lp, (args.count - first) / 2);
  for (let i = first; i < args.count; i += 2) appendArgument(slabs, lp, args, i);
  appendNumber(slabs, lp, 0);
  return lp;
}

/** As {@link entryBytes}, but quick and not less, for `count` texts of `bytes` bytes in all. */
export function mostEntryBytes(bytes: number, count: number): number {
  return (ENTRY_NUMBERS + count) * NUMBER_BYTES + bytes;
}

/** Bytes that an entry with the arguments from `first` on may need in a node. */
export function entryBytes(args: Args, first: number): number {
  let size = ENTRY_NUMBERS * NUMBER_BYTES;
  for (let i = first; i < args.count; i++) {
    size += elementSize(args.bufs[i], args.starts[i], args.ends[i]);
  }
  return size;
}

/**
 * Appends an entry with the fields and values from argument `first` on to a node whose block has
 * room for {@link entryBytes} more, so that it stays where it is.
 */
export function appendEntry(
  slabs: Slabs,
  lp: number,
  masterId: StreamId,
  id: StreamId,
  args: Args,
  first: number,
): void {
  addToCounts(slabs, lp, 1, 0);
  const fields = (args.count - first) / 2;
  const isSame = hasMasterFields(slabs, lp, args, first);
  appender.begin(slabs, lp);
  appender.putInteger(isSame ? ENTRY_SAME_FIELDS : 0);
  putDelta(id.msHigh, id.msLow, masterId.msHigh, masterId.msLow);
  putDelta(id.seqHigh, id.seqLow, masterId.seqHigh, masterId.seqLow);
  if (!isSame) appender.putInteger(fields);
  const step = isSame ? 2 : 1;
  for (let i = isSame ? first + 1 : first; i < args.count; i += step) {
    appender.put(args.bufs[i], args.starts[i], args.ends[i]);
  }
  appender.putInteger(HEAD_ELEMENTS + (isSame ? fields : 1 + 2 * fields));
  appender.end();
}

/** Puts `high:low - otherHigh:otherLow`, modulo 2^64. */
function putDelta(high: number, low: number, otherHigh: number, otherLow: number): void {
  const delta = deltaOf(high, low, otherHigh, otherLow);
  if (delta === delta) appender.putInteger(delta);
  else appender.put(text, 0, writeDelta(text, high, low, otherHigh, otherLow));
}

/** Entries that have not been removed. */
export function liveEntries(slabs: Slabs, lp: number): number {
  return elementInteger(slabs, lp, firstElement(slabs, lp));
}

/** Entries, removed ones included. */
export function allEntries(slabs: Slabs, lp: number): number {
  const count = firstElement(slabs, lp);
  return elementInteger(slabs, lp, count) +
    elementInteger(slabs, lp, nextElement(slabs, lp, count));
}

/** Changes the master's counts; returns the node, which may have moved when its block had no room. */
export function addToCounts(slabs: Slabs, lp: number, live: number, deleted: number): number {
  const first = firstElement(slabs, lp);
  const moved = replaceNumber(slabs, lp, first, elementInteger(slabs, lp, first) + live);
  if (deleted === 0) return moved;
  const second = nextElement(slabs, moved, first);
  return replaceNumber(slabs, moved, second, elementInteger(slabs, moved, second) + deleted);
}

/** Flags the entry whose flags are at `pos` as deleted. Nothing moves; the counts are the caller's matter. */
export function flagDeleted(slabs: Slabs, lp: number, pos: number): void {
  replaceNumber(slabs, lp, pos, elementInteger(slabs, lp, pos) | ENTRY_DELETED);
}

/** How many elements the entry has between its head and its count. */
export function bodyElements(flags: number, fields: number): number {
  return (flags & ENTRY_SAME_FIELDS) !== 0 ? fields : 2 * fields;
}

function hasMasterFields(slabs: Slabs, lp: number, args: Args, first: number): boolean {
  const deleted = nextElement(slabs, lp, firstElement(slabs, lp));
  let pos = nextElement(slabs, lp, deleted);
  if (elementInteger(slabs, lp, pos) !== (args.count - first) / 2) return false;
  for (let i = first; i < args.count; i += 2) {
    pos = nextElement(slabs, lp, pos);
    if (!elementEquals(slabs, lp, pos, args.bufs[i], args.starts[i], args.ends[i])) return false;
  }
  return true;
}

function appendArgument(slabs: Slabs, lp: number, args: Args, i: number): void {
  appendElement(slabs, lp, args.bufs[i], args.starts[i], args.ends[i]);
}

function appendNumber(slabs: Slabs, lp: number, n: number): void {
  if (n >= 0 && n <= SMALL_INTEGER_MAX) appendSmallInteger(slabs, lp, n);
  else appendText(slabs, lp, writeInteger(text, 0, n));
}

function appendText(slabs: Slabs, lp: number, length: number): void {
  appendElement(slabs, lp, text, 0, length);
}

function replaceNumber(slabs: Slabs, lp: number, pos: number, n: number): number {
  if (setSmallInteger(slabs, lp, pos, n)) return lp;
  return replaceElement(slabs, lp, pos, text, 0, writeInteger(text, 0, n));
}

/** The node in a block that is just big enough. Throws OutOfMemory with nothing changed. */
export function shrunk(slabs: Slabs, lp: number): number {
  return slabs.resize(lp, listpackBytes(slabs, lp));
}
