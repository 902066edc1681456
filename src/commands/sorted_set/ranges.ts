/** Commands that show or count ranges of sorted sets: by rank, by score, by member. */
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import type { Args } from "../../resp/args.ts";
import type { Client } from "../context.ts";
import { arg, commandTable } from "../spec.ts";
import { READS, readSortedSet, replyHeader, replyMember } from "./lookup.ts";
import { By, findBounds, findRange, readBounds, readRangeQuery } from "./range_query.ts";

const walk = new SortedSetWalk();

// ---------------------------------------------------------------- showing

function showRange(client: Client, args: Args, by: number, isReverse: boolean | null): void {
  const { db: { keyspace }, reply } = client;
  const query = readRangeQuery(args, 1, by, isReverse, false);
  const entry = readSortedSet(client, args, 1);
  if (entry === 0) return reply.emptyArray();
  const { from, to } = findRange(client, entry, query);
  const count = to - from;
  replyHeader(reply, count, query.withScores);
  if (count === 0) return;
  walk.begin(keyspace, entry, query.isReverse ? to - 1 : from, query.isReverse);
  for (let i = 0; i < count; i++) {
    walk.next();
    replyMember(reply, walk, query.withScores);
  }
}

function zrangeCommand(client: Client, args: Args): void {
  showRange(client, args, By.OPEN, null);
}

function zrevrangeCommand(client: Client, args: Args): void {
  showRange(client, args, By.RANK, true);
}

function zrangebyscoreCommand(client: Client, args: Args): void {
  showRange(client, args, By.SCORE, false);
}

function zrevrangebyscoreCommand(client: Client, args: Args): void {
  showRange(client, args, By.SCORE, true);
}

function zrangebylexCommand(client: Client, args: Args): void {
  showRange(client, args, By.KEY, false);
}

function zrevrangebylexCommand(client: Client, args: Args): void {
  showRange(client, args, By.KEY, true);
}

// ---------------------------------------------------------------- counting

function zcountCommand(client: Client, args: Args): void {
  countRange(client, args, By.SCORE);
}

function zlexcountCommand(client: Client, args: Args): void {
  countRange(client, args, By.KEY);
}

function countRange(client: Client, args: Args, by: number): void {
  readBounds(args, by, 2, 3);
  const entry = readSortedSet(client, args, 1);
  if (entry === 0) return client.reply.integer(0);
  const { from, to } = findBounds(client, entry, by, false);
  client.reply.integer(to - from);
}

// ---------------------------------------------------------------- the table

const SORT_BY = arg.oneOf("sortby", [arg.token("BYSCORE"), arg.token("BYLEX")], {
  optional: true,
  since: "6.2.0",
});
const OFFSET_AND_COUNT = [arg.integer("offset"), arg.integer("count")];
const LIMITED = arg.block("limit", OFFSET_AND_COUNT, { token: "LIMIT", optional: true });
const SCORES = arg.token("WITHSCORES", { optional: true });

export const sortedSetRangeCommands = commandTable("sorted-set", [
  {
    name: "zrange",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.string("start"),
      arg.string("stop"),
      SORT_BY,
      arg.token("REV", { optional: true, since: "6.2.0" }),
      arg.block("limit", OFFSET_AND_COUNT, { token: "LIMIT", optional: true, since: "6.2.0" }),
      arg.token("WITHSCORES", { optional: true }),
    ],
    since: "1.2.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows a range of a sorted set, by rank, score or member.",
    history: [["6.2.0", "Takes `REV`, `BYSCORE`, `BYLEX` and `LIMIT`."]],
    costsItsReply: true,
    handler: zrangeCommand,
  },
  {
    name: "zrevrange",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.integer("start"), arg.integer("stop"), SCORES],
    since: "1.2.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows a range of ranks, the highest score first.",
    deprecated: { since: "6.2.0", replacedBy: "`ZRANGE` with `REV`" },
    costsItsReply: true,
    handler: zrevrangeCommand,
  },
  {
    name: "zrangebyscore",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.double("min"), arg.double("max"), SCORES, LIMITED],
    since: "1.0.5",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows the members whose scores are in a range.",
    deprecated: { since: "6.2.0", replacedBy: "`ZRANGE` with `BYSCORE`" },
    history: [["2.0.0", "Takes `WITHSCORES`."]],
    costsItsReply: true,
    handler: zrangebyscoreCommand,
  },
  {
    name: "zrevrangebyscore",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.double("max"), arg.double("min"), SCORES, LIMITED],
    since: "2.2.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows the members whose scores are in a range, the highest first.",
    deprecated: { since: "6.2.0", replacedBy: "`ZRANGE` with `REV` and `BYSCORE`" },
    history: [["2.1.6", "Bounds may be left out of the range."]],
    costsItsReply: true,
    handler: zrevrangebyscoreCommand,
  },
  {
    name: "zrangebylex",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.string("min"), arg.string("max"), LIMITED],
    since: "2.8.9",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows the members from one to another, of a set whose scores are all equal.",
    deprecated: { since: "6.2.0", replacedBy: "`ZRANGE` with `BYLEX`" },
    costsItsReply: true,
    handler: zrangebylexCommand,
  },
  {
    name: "zrevrangebylex",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.string("max"), arg.string("min"), LIMITED],
    since: "2.8.9",
    complexity: "O(log N + M), N being the size of the set and M the number of members shown",
    summary: "Shows the members from one back to another, of a set whose scores are all equal.",
    deprecated: { since: "6.2.0", replacedBy: "`ZRANGE` with `REV` and `BYLEX`" },
    costsItsReply: true,
    handler: zrevrangebylexCommand,
  },
  {
    name: "zcount",
    arity: 4,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), arg.double("min"), arg.double("max")],
    since: "2.0.0",
    complexity: "O(log N), N being the size of the set",
    summary: "Counts the members whose scores are in a range.",
    handler: zcountCommand,
  },
  {
    name: "zlexcount",
    arity: 4,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), arg.string("min"), arg.string("max")],
    since: "2.8.9",
    complexity: "O(log N), N being the size of the set",
    summary: "Counts the members from one to another, of a set whose scores are all equal.",
    handler: zlexcountCommand,
  },
]);
