/** LSET, LINSERT, LREM and LTRIM. */
import { EventClass } from "../../keyspace/events.ts";
import {
  advanceIn,
  equalsIn,
  insertIn,
  leaveIn,
  type ListCursor,
  listLength,
  makeRoom,
  removeIn,
  removeRangeFrom,
  replaceIn,
  seekIn,
  shrink,
} from "../../keyspace/types/list_value.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { NO_SUCH_KEY, OUT_OF_RANGE, SYNTAX } from "../errors.ts";
import { lookupWrite, wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { addDirt, deleteIfEmpty } from "./ends.ts";

const AFTER = keyword("AFTER");
const BEFORE = keyword("BEFORE");

const cursor: ListCursor = { node: 0, pos: 0 };

function lsetCommand(client: Client, args: Args): void {
  const { db } = client;
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) throw NO_SUCH_KEY;
  const index = roundedInteger(args, 2);
  makeRoom(db, entry, args.length(3), 1);
  if (!seekIn(db, entry, index, cursor)) throw OUT_OF_RANGE;
  replaceIn(db, entry, cursor, args.bufs[3], args.starts[3], args.ends[3]);
  shrink(db, entry);
  wrote(client, args, 1, EventClass.LIST, "lset");
  client.reply.ok();
}

function linsertCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const behind = args.is(2, AFTER);
  if (!behind && !args.is(2, BEFORE)) throw SYNTAX;
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) return reply.integer(0);
  makeRoom(db, entry, args.length(4), 1);
  if (!seekElement(client, args, entry, 3)) return reply.integer(-1);
  insertIn(db, entry, cursor, behind, args.bufs[4], args.starts[4], args.ends[4]);
  wrote(client, args, 1, EventClass.LIST, "linsert");
  reply.integer(listLength(db, entry));
}

/** Puts the cursor on the first element that equals argument `i`; false when there is none. */
function seekElement({ db }: Client, args: Args, entry: number, i: number): boolean {
  seekIn(db, entry, 0, cursor);
  do {
    if (equalsIn(db, entry, cursor, args.bufs[i], args.starts[i], args.ends[i])) return true;
  } while (advanceIn(db, entry, cursor, true));
  return false;
}

function lremCommand(client: Client, args: Args): void {
  const { db } = client;
  const count = roundedInteger(args, 2);
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  const removed = entry === 0 ? 0 : removeEqual(client, args, entry, count);
  if (removed > 0) {
    wrote(client, args, 1, EventClass.LIST, "lrem");
    addDirt(client, removed - 1);
    if (!deleteIfEmpty(client, args, 1, entry)) shrink(db, entry);
  }
  client.reply.integer(removed);
}

/** Removes up to `count` elements that equal argument 3, from the tail when it is negative, all for 0. */
function removeEqual({ db }: Client, args: Args, entry: number, count: number): number {
  const forward = count >= 0;
  const wanted = Math.abs(count) || Infinity;
  let removed = 0;
  let more = seekIn(db, entry, forward ? 0 : -1, cursor);
  while (more && removed < wanted) {
    if (equalsIn(db, entry, cursor, args.bufs[3], args.starts[3], args.ends[3])) {
      more = removeIn(db, entry, cursor, forward);
      removed++;
    } else {
      more = advanceIn(db, entry, cursor, forward);
    }
  }
  if (more) leaveIn(db, cursor);
  return removed;
}

function ltrimCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  let start = roundedInteger(args, 2);
  let stop = roundedInteger(args, 3);
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) return reply.ok();
  const length = listLength(db, entry);
  if (start < 0) start = Math.max(0, start + length);
  if (stop < 0) stop += length;
  if (stop >= length) stop = length - 1;
  const isNothing = start > stop;
  const left = isNothing ? length : start;
  const right = isNothing ? 0 : length - 1 - stop;
  removeRangeFrom(db, entry, -right, right);
  removeRangeFrom(db, entry, 0, left);
  wrote(client, args, 1, EventClass.LIST, "ltrim");
  addDirt(client, left + right - 1);
  if (!deleteIfEmpty(client, args, 1, entry)) shrink(db, entry);
  reply.ok();
}

// ---------------------------------------------------------------- the table

const ONE_KEY_REMOVE = [key({ at: 1, access: "rw", does: "delete" })];

export const listEditCommands = commandTable("list", [
  {
    name: "linsert",
    arity: 5,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: "insert" })],
    args: [
      arg.key(),
      arg.oneOf("where", [arg.token("BEFORE"), arg.token("AFTER")]),
      arg.string("pivot"),
      arg.string("element"),
    ],
    since: "2.2.0",
    complexity: "O(N) where N is the number of elements before the pivot",
    summary: "Adds an element before or after the first one that equals a pivot.",
    handler: linsertCommand,
  },
  {
    name: "lrem",
    arity: 4,
    flags: ["write"],
    keys: ONE_KEY_REMOVE,
    args: [arg.key(), arg.integer("count"), arg.string("element")],
    since: "1.0.0",
    complexity: "O(N+M) where N is the length of the list, M the number of elements removed",
    summary: "Removes elements that equal a given one, from either end on.",
    handler: lremCommand,
  },
  {
    name: "lset",
    arity: 4,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [arg.key(), arg.integer("index"), arg.string("element")],
    since: "1.0.0",
    complexity: "O(N) where N is the number of nodes between the element and the nearer end",
    summary: "Puts another element at an index of a list.",
    handler: lsetCommand,
  },
  {
    name: "ltrim",
    arity: 4,
    flags: ["write"],
    keys: ONE_KEY_REMOVE,
    args: [arg.key(), arg.integer("start"), arg.integer("stop")],
    since: "1.0.0",
    complexity: "O(N) where N is the number of elements removed",
    summary: "Removes all elements outside of a range of indexes.",
    handler: ltrimCommand,
  },
]);
