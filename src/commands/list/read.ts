/** LLEN, LINDEX, LRANGE and LPOS. */
import {
  advanceIn,
  equalsIn,
  type ListCursor,
  listLength,
  readIn,
  seekIn,
} from "../../keyspace/types/list_value.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import { readInteger, roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { lookupRead } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { replyElements } from "./ends.ts";

const RANK = keyword("RANK");
const COUNT = keyword("COUNT");
const MAXLEN = keyword("MAXLEN");

const RANK_IS_ZERO = new ReplyError(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
    "or use negative to start from the end of the list",
);
const COUNT_NEGATIVE = new ReplyError("ERR COUNT can't be negative");
const MAXLEN_NEGATIVE = new ReplyError("ERR MAXLEN can't be negative");

const RANK_OUT_OF_RANGE = new ReplyError(
  "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
);

/** The lowest RANK whose opposite is a 64-bit integer as well. */
const MIN_RANK = -(2n ** 63n) + 1n;

const cursor: ListCursor = { node: 0, pos: 0 };
const view = new Element();

function llenCommand(client: Client, args: Args): void {
  const entry = lookupRead(client, args, 1, TypeId.LIST);
  client.reply.integer(entry === 0 ? 0 : listLength(client.db, entry));
}

function lindexCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupRead(client, args, 1, TypeId.LIST);
  if (entry === 0) return reply.nullBulk();
  if (!seekIn(db, entry, roundedInteger(args, 2), cursor)) return reply.nullBulk();
  readIn(db, entry, cursor, view);
  reply.bulk(view.buf, view.start, view.end);
}

function lrangeCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  let start = roundedInteger(args, 2);
  let stop = roundedInteger(args, 3);
  const entry = lookupRead(client, args, 1, TypeId.LIST);
  if (entry === 0) return reply.emptyArray();
  const length = listLength(db, entry);
  if (start < 0) start = Math.max(0, start + length);
  if (stop < 0) stop += length;
  if (stop >= length) stop = length - 1;
  const count = Math.max(0, stop - start + 1);
  reply.array(count);
  replyElements(db, reply, entry, start, count, true);
}

// ---------------------------------------------------------------- LPOS

/** LPOS's options. */
interface Search {
  /** The how manieth match is the first that counts; from the tail when negative. */
  rank: number;
  /** How many are wanted, 0 for all; -1: one, and not in an array. */
  count: number;
  /** How many elements are looked at, 0 for all. */
  maxLength: number;
}

function readSearch(args: Args): Search {
  const search = { rank: 1, count: -1, maxLength: 0 };
  for (let i = 3; i < args.count; i += 2) {
    const hasValue = i + 1 < args.count;
    if (hasValue && args.is(i, RANK)) search.rank = readRank(args, i + 1);
    else if (hasValue && args.is(i, COUNT)) {
      search.count = readInteger(args, i + 1, COUNT_NEGATIVE, 0);
    } else if (hasValue && args.is(i, MAXLEN)) {
      search.maxLength = readInteger(args, i + 1, MAXLEN_NEGATIVE, 0);
    } else throw SYNTAX;
  }
  return search;
}

function readRank(args: Args, i: number): number {
  const rank = args.int64(i);
  if (rank < MIN_RANK) throw RANK_OUT_OF_RANGE;
  if (rank === 0n) throw RANK_IS_ZERO;
  return Number(rank);
}

function lposCommand(client: Client, args: Args): void {
  const { reply } = client;
  const search = readSearch(args);
  const entry = lookupRead(client, args, 1, TypeId.LIST);
  const isSingle = search.count === -1;
  if (entry === 0) {
    if (isSingle) reply.nullBulk();
    else reply.emptyArray();
    return;
  }
  const gap = isSingle ? 0 : reply.deferLength();
  const found = replyPositions(client, args, entry, search);
  if (!isSingle) reply.setArrayLength(gap, found);
  else if (found === 0) reply.nullBulk();
}

/** Replies with the positions of what is searched for; returns how many there were. */
function replyPositions(client: Client, args: Args, entry: number, search: Search): number {
  const { db, reply } = client;
  const length = listLength(db, entry);
  const forward = search.rank > 0;
  const limit = search.maxLength === 0 ? length : Math.min(search.maxLength, length);
  const wanted = Math.abs(search.count) || Infinity;
  let toSkip = Math.abs(search.rank) - 1;
  let found = 0;
  seekIn(db, entry, forward ? 0 : -1, cursor);
  for (let i = 0; i < limit && found < wanted; i++) {
    if (equalsIn(db, entry, cursor, args.bufs[2], args.starts[2], args.ends[2])) {
      if (toSkip > 0) toSkip--;
      else {
        reply.integer(forward ? i : length - 1 - i);
        found++;
      }
    }
    advanceIn(db, entry, cursor, forward);
  }
  return found;
}

// ---------------------------------------------------------------- the table

const ONE_KEY_READ = [key({ at: 1, access: "ro", does: "access" })];

export const listReadCommands = commandTable("list", [
  {
    name: "lindex",
    arity: 3,
    flags: ["readonly"],
    keys: ONE_KEY_READ,
    args: [arg.key(), arg.integer("index")],
    since: "1.0.0",
    complexity: "O(N) where N is the number of nodes between the element and the nearer end",
    summary: "Returns the element at an index, which counts from the tail when it is negative.",
    handler: lindexCommand,
  },
  {
    name: "llen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Returns the number of elements of a list.",
    handler: llenCommand,
  },
  {
    name: "lpos",
    arity: -3,
    flags: ["readonly"],
    keys: ONE_KEY_READ,
    args: [
      arg.key(),
      arg.string("element"),
      arg.integer("rank", { token: "RANK", optional: true }),
      arg.integer("num-matches", { token: "COUNT", optional: true }),
      arg.integer("len", { token: "MAXLEN", optional: true }),
    ],
    since: "6.0.6",
    complexity: "O(N) where N is the number of elements looked at",
    summary: "Returns where in a list an element is found.",
    handler: lposCommand,
  },
  {
    name: "lrange",
    arity: 4,
    flags: ["readonly"],
    keys: ONE_KEY_READ,
    args: [arg.key(), arg.integer("start"), arg.integer("stop")],
    since: "1.0.0",
    complexity: "O(N) in elements returned, and the nodes between them and the nearer end",
    summary: "Returns the elements of a range of indexes.",
    costsItsReply: true,
    handler: lrangeCommand,
  },
]);
