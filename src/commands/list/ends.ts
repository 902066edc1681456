/** What the commands of lists share: which end of a list an argument names, and popping. */
import { EventClass } from "../../keyspace/events.ts";
import type { Database } from "../../keyspace/database.ts";
import {
  advanceIn,
  type ListCursor,
  listLength,
  popOne,
  readIn,
  removeRangeFrom,
  replyFrom,
  seekEnd,
  seekIn,
  shrink,
} from "../../keyspace/types/list_value.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import { Element } from "../../structures/listpack.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { arg, type Argument } from "../spec.ts";

const LEFT = keyword("LEFT");
const RIGHT = keyword("RIGHT");
const COUNT = keyword("COUNT");

const NO_KEYS = new ReplyError("ERR numkeys should be greater than 0");
const COUNT_NOT_POSITIVE = new ReplyError("ERR count should be greater than 0");

/** LEFT or RIGHT, as an argument of COMMAND DOCS. */
export function endArgument(name: string): Argument {
  return arg.oneOf(name, [arg.token("LEFT"), arg.token("RIGHT")]);
}

/** Whether argument `i` says LEFT, which is the head, and not RIGHT. Throws a syntax error for anything else. */
export function isLeft(args: Args, i: number): boolean {
  if (args.is(i, LEFT)) return true;
  if (!args.is(i, RIGHT)) throw SYNTAX;
  return false;
}

const cursor: ListCursor = { node: 0, pos: 0 };
const view = new Element();

/** Replies with `count` elements, which there must be, from one on and in one direction. Without the array's header. */
export function replyElements(
  db: Database,
  reply: ReplyWriter,
  entry: number,
  first: number,
  count: number,
  forward: boolean,
): void {
  if (count <= 0) return;
  seekIn(db, entry, first, cursor);
  if (forward) return replyFrom(db, reply, entry, cursor, count);
  for (let left = count; left > 0; left--) {
    readIn(db, entry, cursor, view);
    reply.bulk(view.buf, view.start, view.end);
    if (left > 1) advanceIn(db, entry, cursor, false);
  }
}

/** Replies with the first element, or the last. */
export function replyEnd(client: Client, entry: number, atHead: boolean): void {
  const { db, reply } = client;
  seekEnd(db, entry, atHead, cursor);
  replyFrom(db, reply, entry, cursor, 1);
}

/** Takes elements off one end, and tells of it; `key` is the argument that names the list. */
export function dropEnd(
  client: Client,
  args: Args,
  key: number,
  entry: number,
  atHead: boolean,
  count: number,
): void {
  const { db } = client;
  if (count === 1) popOne(db, entry, atHead);
  else removeRangeFrom(db, entry, atHead ? 0 : -count, count);
  popped(client, args, key, entry, atHead, count);
}

/** Tells that elements have been taken off one end; a list without elements goes. */
export function popped(
  client: Client,
  args: Args,
  key: number,
  entry: number,
  atHead: boolean,
  count: number,
): void {
  wrote(client, args, key, EventClass.LIST, atHead ? "lpop" : "rpop");
  addDirt(client, count - 1);
  if (!deleteIfEmpty(client, args, key, entry)) shrink(client.db, entry);
}

/** Counts changes beyond the one that `wrote` has counted. */
export function addDirt(client: Client, changes: number): void {
  client.server.keyspace.counters.dirty += changes;
}

/** Deletes a list without elements, and tells of it; false when there are some. */
export function deleteIfEmpty(client: Client, args: Args, key: number, entry: number): boolean {
  const { db } = client;
  if (listLength(db, entry) > 0) return false;
  db.removeEntry(entry, false);
  db.notify(args.bufs[key], args.starts[key], args.ends[key], EventClass.GENERIC, "del");
  return true;
}

/** Replies with up to `count` elements of one end, which are taken off. */
export function popRange(
  client: Client,
  args: Args,
  key: number,
  entry: number,
  atHead: boolean,
  count: number,
): void {
  const { db, reply } = client;
  const taken = Math.min(count, listLength(db, entry));
  reply.array(taken);
  replyElements(db, reply, entry, atHead ? 0 : -1, taken, atHead);
  dropEnd(client, args, key, entry, atHead, taken);
}

/** What LMPOP and BLMPOP are told behind their keys. */
export interface MultiPop {
  /** Of the first key. */
  firstKey: number;
  numKeys: number;
  atHead: boolean;
  count: number;
}

/** Reads `numkeys key [key ...] LEFT|RIGHT [COUNT count]` from argument `at` on. */
export function readMultiPop(args: Args, at: number): MultiPop {
  const numKeys = readInteger(args, at, NO_KEYS, 1);
  const where = at + 1 + numKeys;
  if (where >= args.count) throw SYNTAX;
  const atHead = isLeft(args, where);
  let count = 0;
  for (let i = where + 1; i < args.count; i++) {
    if (count !== 0 || !args.is(i, COUNT) || i + 1 === args.count) throw SYNTAX;
    count = readInteger(args, ++i, COUNT_NOT_POSITIVE, 1);
  }
  return { firstKey: at + 1, numKeys, atHead, count: count || 1 };
}

/** Tells that elements of one end are gone, whichever command has asked for them. */
export function tellPopped(
  client: Client,
  args: Args,
  i: number,
  atHead: boolean,
  count: number,
): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 3).word(atHead ? "LPOP" : "RPOP").argument(args, i).integer(count);
}
