/** Commands that take members out of sorted sets by where they stand. */
import { sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";
import { DELETES, POPS, removeAndReport, writeSortedSet } from "./lookup.ts";
import { By, findBounds, readBounds } from "./range_query.ts";

const MIN = keyword("MIN");
const MAX = keyword("MAX");
const COUNT = keyword("COUNT");

const NOT_POSITIVE = new ReplyError("ERR value is out of range, must be positive");
const NO_KEYS = new ReplyError("ERR numkeys should be greater than 0");
const NO_COUNT = new ReplyError("ERR count should be greater than 0");

const walk = new SortedSetWalk();
const popped = { from: 0, to: 0 };

// ---------------------------------------------------------------- ranges

function zremrangebyrankCommand(client: Client, args: Args): void {
  removeRange(client, args, By.RANK, "zremrangebyrank");
}

function zremrangebyscoreCommand(client: Client, args: Args): void {
  removeRange(client, args, By.SCORE, "zremrangebyscore");
}

function zremrangebylexCommand(client: Client, args: Args): void {
  removeRange(client, args, By.KEY, "zremrangebylex");
}

function removeRange(client: Client, args: Args, by: number, event: string): void {
  readBounds(args, by, 2, 3);
  const entry = writeSortedSet(client, args, 1);
  if (entry === 0) return client.reply.integer(0);
  const ranks = findBounds(client, entry, by, false);
  const removed = ranks.to - ranks.from;
  if (removed > 0) removeAndReport(client, args, 1, entry, ranks, event);
  client.reply.integer(removed);
}

// ---------------------------------------------------------------- ends

function zpopminCommand(client: Client, args: Args): void {
  popFromOne(client, args, false);
}

function zpopmaxCommand(client: Client, args: Args): void {
  popFromOne(client, args, true);
}

function popFromOne(client: Client, args: Args, isMax: boolean): void {
  const { reply } = client;
  if (args.count > 3) throw SYNTAX;
  const hasCount = args.count === 3;
  const wanted = hasCount ? readInteger(args, 2, NOT_POSITIVE, 0) : 1;
  const entry = writeSortedSet(client, args, 1);
  if (entry === 0 || wanted === 0) return reply.emptyArray();
  const count = Math.min(wanted, sortedSetLength(client.db.keyspace, entry));
  const isNested = hasCount && reply.proto === 3;
  reply.array(isNested ? count : 2 * count);
  pop(client, args, 1, entry, count, isMax, isNested);
}

function zmpopCommand(client: Client, args: Args): void {
  if (!popFirstOf(client, args, readMultiPop(args, 1))) client.reply.nullArray();
}

/** What ZMPOP and BZMPOP are told. */
export interface MultiPop {
  /** The first key's argument. */
  readonly firstKey: number;
  readonly numKeys: number;
  readonly isMax: boolean;
  readonly count: number;
}

/** Reads `numkeys key [key ...] MIN|MAX [COUNT count]` from argument `at` on. */
export function readMultiPop(args: Args, at: number): MultiPop {
  const numKeys = readInteger(args, at, NO_KEYS, 1);
  const firstKey = at + 1;
  const where = firstKey + numKeys;
  if (where >= args.count) throw SYNTAX;
  const isMax = args.is(where, MAX);
  if (!isMax && !args.is(where, MIN)) throw SYNTAX;
  const hasCount = args.count === where + 3 && args.is(where + 1, COUNT);
  if (!hasCount && args.count > where + 1) {
    if (!args.is(where + 1, COUNT) || args.count < where + 3) throw SYNTAX;
    readInteger(args, where + 2, NO_COUNT, 1);
    throw SYNTAX;
  }
  const count = hasCount ? readInteger(args, where + 2, NO_COUNT, 1) : 1;
  return { firstKey, numKeys, isMax, count };
}

/** Pops from the first of the keys that is a sorted set; false when there is none. */
export function popFirstOf(client: Client, args: Args, how: MultiPop): boolean {
  for (let i = how.firstKey; i < how.firstKey + how.numKeys; i++) {
    if (popSeveral(client, args, i, how)) return true;
  }
  return false;
}

/** Pops from the set that argument `i` names, and replies with its name as well; false when it is missing. */
function popSeveral(client: Client, args: Args, i: number, how: MultiPop): boolean {
  const { reply } = client;
  const entry = writeSortedSet(client, args, i);
  if (entry === 0) return false;
  const count = Math.min(how.count, sortedSetLength(client.db.keyspace, entry));
  reply.array(2);
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
  reply.array(count);
  pop(client, args, i, entry, count, how.isMax, true);
  return true;
}

/** Pops one member, and replies with key, member and score; false when the key is missing. */
export function popSingle(client: Client, args: Args, i: number, isMax: boolean): boolean {
  const { reply } = client;
  const entry = writeSortedSet(client, args, i);
  if (entry === 0) return false;
  reply.array(3);
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
  pop(client, args, i, entry, 1, isMax, false);
  return true;
}

/** Replies with members from one end, each a pair when `isNested`, and takes them out. */
function pop(
  client: Client,
  args: Args,
  i: number,
  entry: number,
  count: number,
  isMax: boolean,
  isNested: boolean,
): void {
  const { db: { keyspace }, reply } = client;
  const length = sortedSetLength(keyspace, entry);
  walk.begin(keyspace, entry, isMax ? length - 1 : 0, isMax);
  for (let left = count; left > 0; left--) {
    walk.next();
    if (isNested) reply.array(2);
    reply.bulk(walk.buf, walk.start, walk.end);
    reply.double(walk.score);
  }
  popped.from = isMax ? length - count : 0;
  popped.to = popped.from + count;
  removeAndReport(client, args, i, entry, popped, isMax ? "zpopmax" : "zpopmin");
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 3).word(isMax ? "ZPOPMAX" : "ZPOPMIN").argument(args, i).integer(count);
}

// ---------------------------------------------------------------- the table

export const sortedSetRemovalCommands = commandTable("sorted-set", [
  {
    name: "zremrangebyrank",
    arity: 4,
    flags: ["write"],
    keys: DELETES,
    args: [arg.key(), arg.integer("start"), arg.integer("stop")],
    since: "2.0.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members taken out",
    summary: "Takes out a range of ranks.",
    handler: zremrangebyrankCommand,
  },
  {
    name: "zremrangebyscore",
    arity: 4,
    flags: ["write"],
    keys: DELETES,
    args: [arg.key(), arg.double("min"), arg.double("max")],
    since: "1.2.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members taken out",
    summary: "Takes out the members whose scores are in a range.",
    handler: zremrangebyscoreCommand,
  },
  {
    name: "zremrangebylex",
    arity: 4,
    flags: ["write"],
    keys: DELETES,
    args: [arg.key(), arg.string("min"), arg.string("max")],
    since: "2.8.9",
    complexity: "O(log N + M), N being the size of the set and M the number of members taken out",
    summary: "Takes out the members from one to another, of a set whose scores are all equal.",
    handler: zremrangebylexCommand,
  },
  {
    name: "zpopmin",
    arity: -2,
    flags: ["write", "fast"],
    keys: POPS,
    args: [arg.key(), arg.integer("count", { optional: true })],
    since: "5.0.0",
    complexity: "O(M log N), N being the size of the set and M the number of members taken out",
    summary: "Takes out the members with the lowest scores and gives them.",
    handler: zpopminCommand,
  },
  {
    name: "zpopmax",
    arity: -2,
    flags: ["write", "fast"],
    keys: POPS,
    args: [arg.key(), arg.integer("count", { optional: true })],
    since: "5.0.0",
    complexity: "O(M log N), N being the size of the set and M the number of members taken out",
    summary: "Takes out the members with the highest scores and gives them.",
    handler: zpopmaxCommand,
  },
  {
    name: "zmpop",
    arity: -4,
    flags: ["write"],
    keys: [key({ at: 1, count: 0, first: 1, access: "rw", does: ["access", "delete"] })],
    args: [
      arg.integer("numkeys"),
      arg.key("key", { multiple: true }),
      arg.oneOf("where", [arg.token("MIN"), arg.token("MAX")]),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "7.0.0",
    complexity:
      "O(K + M log N), K being the number of keys, N the size of the set and M the number of members taken out",
    summary: "Takes members out of the first of several sorted sets that has any.",
    handler: zmpopCommand,
  },
]);
