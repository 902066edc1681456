/** Commands that add, take out and look up members of sorted sets by name. */
import { EventClass } from "../../keyspace/events.ts";
import {
  addMember,
  memberRank,
  memberScore,
  removeMember,
  setMemberScore,
  sortedSetLength,
} from "../../keyspace/types/sorted_set.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX, wrongArity } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import {
  addSortedSet,
  DELETES,
  READS,
  readSortedSet,
  writeSortedSet,
  wroteMembers,
} from "./lookup.ts";

const NX = keyword("NX");
const XX = keyword("XX");
const GT = keyword("GT");
const LT = keyword("LT");
const CH = keyword("CH");
const INCR = keyword("INCR");
const WITHSCORE = keyword("WITHSCORE");

const NX_AND_XX = new ReplyError("ERR XX and NX options at the same time are not compatible");
const GT_LT_NX = new ReplyError(
  "ERR GT, LT, and/or NX options at the same time are not compatible",
);
const SEVERAL_INCREMENTS = new ReplyError(
  "ERR INCR option supports a single increment-element pair",
);
const NAN_SCORE = new ReplyError("ERR resulting score is not a number (NaN)");

// ---------------------------------------------------------------- ZADD and ZINCRBY

/** The options of ZADD that say which members are changed. */
export interface AddRules {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  /** Whether the score is added to the one there is. */
  incr: boolean;
}

/** What became of a member. */
export const Outcome = { NOTHING: 0, SAME: 1, UPDATED: 2, ADDED: 3 } as const;

/** Members are added, or get the score given. */
export const ADD: AddRules = { nx: false, xx: false, gt: false, lt: false, incr: false };
const INCREMENT: AddRules = { ...ADD, incr: true };
const rules: AddRules = { ...ADD };

/** The score that a member has after {@link addOne}. */
const changed = { score: 0 };

function zaddCommand(client: Client, args: Args): void {
  let changes = false;
  let at = 2;
  rules.nx =
    rules.xx =
    rules.gt =
    rules.lt =
    rules.incr =
      false;
  for (; at < args.count; at++) {
    if (args.is(at, NX)) rules.nx = true;
    else if (args.is(at, XX)) rules.xx = true;
    else if (args.is(at, CH)) changes = true;
    else if (args.is(at, INCR)) rules.incr = true;
    else if (args.is(at, GT)) rules.gt = true;
    else if (args.is(at, LT)) rules.lt = true;
    else break;
  }
  const left = args.count - at;
  if (left === 0 || left % 2 !== 0) throw SYNTAX;
  if (rules.nx && rules.xx) throw NX_AND_XX;
  if ((rules.gt && rules.nx) || (rules.lt && rules.nx) || (rules.gt && rules.lt)) throw GT_LT_NX;
  if (rules.incr && left > 2) throw SEVERAL_INCREMENTS;
  if (rules.incr) addAndShow(client, args, at, rules);
  else addAll(client, args, at, rules, changes);
}

function zincrbyCommand(client: Client, args: Args): void {
  addAndShow(client, args, 2, INCREMENT);
}

/** Adds scores and members from argument `from` on; replies with how many were added, or with `changes` changed. */
function addAll(
  client: Client,
  args: Args,
  from: number,
  rules: AddRules,
  changes: boolean,
): void {
  for (let i = from; i < args.count; i += 2) args.double(i);
  let entry = writeSortedSet(client, args, 1);
  if (entry === 0) {
    if (rules.xx) return client.reply.integer(0);
    entry = addSortedSet(client, args, isBigFrom(client, args, from + 1));
  }
  let added = 0;
  let updated = 0;
  for (let i = from; i < args.count; i += 2) {
    const outcome = addOne(client, args, entry, i + 1, args.double(i), rules);
    if (outcome === Outcome.ADDED) added++;
    else if (outcome === Outcome.UPDATED) updated++;
  }
  if (added + updated > 0) {
    client.db.keyspace.counters.dirty += added + updated - 1;
    wrote(client, args, 1, EventClass.ZSET, "zadd");
  }
  client.reply.integer(changes ? added + updated : added);
}

/** Increments the one member behind the score at argument `at`; replies with its score. */
function addAndShow(client: Client, args: Args, at: number, rules: AddRules): void {
  const increment = args.double(at);
  let entry = writeSortedSet(client, args, 1);
  if (entry === 0) {
    if (rules.xx) return client.reply.nullBulk();
    entry = addSortedSet(client, args, isBigFrom(client, args, at + 1));
  }
  const outcome = addOne(client, args, entry, at + 1, increment, rules);
  if (outcome >= Outcome.UPDATED) wrote(client, args, 1, EventClass.ZSET, "zincr");
  if (outcome === Outcome.NOTHING) client.reply.nullBulk();
  else client.reply.double(changed.score);
}

/** Whether a new set whose first member is argument `i` is no listpack even at first. */
export function isBigFrom(client: Client, args: Args, i: number): boolean {
  const { zsetMaxListpackEntries, zsetMaxListpackValue } = client.server.settings;
  return zsetMaxListpackEntries === 0 || args.length(i) > zsetMaxListpackValue;
}

/** Gives the member at argument `i` a score, as the rules say; leaves its score in `changed`. */
export function addOne(
  client: Client,
  args: Args,
  entry: number,
  i: number,
  given: number,
  rules: AddRules,
): number {
  const { keyspace } = client.db;
  const { settings } = client.server;
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  let score = given;
  const old = memberScore(keyspace, entry, buf, start, end);
  if (old !== old) {
    if (rules.xx) return Outcome.NOTHING;
    addMember(keyspace, entry, settings, buf, start, end, score);
    changed.score = score;
    return Outcome.ADDED;
  }
  if (rules.nx) return Outcome.NOTHING;
  if (rules.incr) {
    score += old;
    if (score !== score) throw NAN_SCORE;
  }
  if ((rules.lt && score >= old) || (rules.gt && score <= old)) return Outcome.NOTHING;
  changed.score = score;
  if (score === old) return Outcome.SAME;
  setMemberScore(keyspace, entry, buf, start, end, score);
  return Outcome.UPDATED;
}

// ---------------------------------------------------------------- ZREM

function zremCommand(client: Client, args: Args): void {
  const { keyspace } = client.db;
  const entry = writeSortedSet(client, args, 1);
  if (entry === 0) return client.reply.integer(0);
  let removed = 0;
  for (let i = 2; i < args.count; i++) {
    if (!removeMember(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i])) continue;
    removed++;
    if (sortedSetLength(keyspace, entry) === 0) break;
  }
  if (removed > 0) wroteMembers(client, args, 1, entry, removed, "zrem");
  client.reply.integer(removed);
}

// ---------------------------------------------------------------- looking up

function zcardCommand(client: Client, args: Args): void {
  const entry = readSortedSet(client, args, 1);
  client.reply.integer(entry === 0 ? 0 : sortedSetLength(client.db.keyspace, entry));
}

function zscoreCommand(client: Client, args: Args): void {
  replyScore(client, args, readSortedSet(client, args, 1), 2);
}

function zmscoreCommand(client: Client, args: Args): void {
  const entry = readSortedSet(client, args, 1);
  client.reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) replyScore(client, args, entry, i);
}

/** The score of the member at argument `i`, or null. */
function replyScore({ db, reply }: Client, args: Args, entry: number, i: number): void {
  const score = entry === 0
    ? NaN
    : memberScore(db.keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  if (score === score) reply.double(score);
  else reply.nullBulk();
}

function zrankCommand(client: Client, args: Args): void {
  replyRank(client, args, false, "zrank");
}

function zrevrankCommand(client: Client, args: Args): void {
  replyRank(client, args, true, "zrevrank");
}

function replyRank(client: Client, args: Args, isReverse: boolean, command: string): void {
  const { db: { keyspace }, reply } = client;
  if (args.count > 4) throw wrongArity(command);
  const withScore = args.count === 4;
  if (withScore && !args.is(3, WITHSCORE)) throw SYNTAX;
  const entry = readSortedSet(client, args, 1);
  const buf = args.bufs[2];
  const start = args.starts[2];
  const end = args.ends[2];
  const score = entry === 0 ? NaN : memberScore(keyspace, entry, buf, start, end);
  if (score !== score) {
    if (withScore) reply.nullArray();
    else reply.nullBulk();
    return;
  }
  const rank = memberRank(keyspace, entry, buf, start, end, score);
  if (withScore) reply.array(2);
  reply.integer(isReverse ? sortedSetLength(keyspace, entry) - 1 - rank : rank);
  if (withScore) reply.double(score);
}

// ---------------------------------------------------------------- the table

const RANK_ARGS = [
  arg.key(),
  arg.string("member"),
  arg.token("WITHSCORE", { optional: true, since: "7.2.0" }),
];

export const sortedSetMemberCommands = commandTable("sorted-set", [
  {
    name: "zadd",
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [
      arg.key(),
      arg.oneOf("condition", [arg.token("NX"), arg.token("XX")], {
        optional: true,
        since: "3.0.2",
      }),
      arg.oneOf("comparison", [arg.token("GT"), arg.token("LT")], {
        optional: true,
        since: "6.2.0",
      }),
      arg.token("CH", { name: "change", optional: true, since: "3.0.2" }),
      arg.token("INCR", { name: "increment", optional: true, since: "3.0.2" }),
      arg.block("data", [arg.double("score"), arg.string("member")], { multiple: true }),
    ],
    since: "1.2.0",
    complexity: "O(log N) for each member, N being the size of the set",
    summary: "Gives members of a sorted set their scores, adding those that are missing.",
    history: [
      ["2.4.0", "Takes several members."],
      ["3.0.2", "Takes `XX`, `NX`, `CH` and `INCR`."],
      ["6.2.0", "Takes `GT` and `LT`."],
    ],
    handler: zaddCommand,
  },
  {
    name: "zincrby",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "update"] })],
    args: [arg.key(), arg.integer("increment"), arg.string("member")],
    since: "1.2.0",
    complexity: "O(log N), N being the size of the set",
    summary: "Adds to a member's score; a missing member counts as 0.",
    handler: zincrbyCommand,
  },
  {
    name: "zrem",
    arity: -3,
    flags: ["write", "fast"],
    keys: DELETES,
    args: [arg.key(), arg.string("member", { multiple: true })],
    since: "1.2.0",
    complexity: "O(M log N), N being the size of the set and M the number of members taken out",
    summary: "Takes members out of a sorted set, and its key with the last of them.",
    history: [["2.4.0", "Takes several members."]],
    handler: zremCommand,
  },
  {
    name: "zcard",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "1.2.0",
    complexity: "O(1)",
    summary: "Counts the members of a sorted set.",
    handler: zcardCommand,
  },
  {
    name: "zscore",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), arg.string("member")],
    since: "1.2.0",
    complexity: "O(1)",
    summary: "Gives the score of a member.",
    handler: zscoreCommand,
  },
  {
    name: "zmscore",
    arity: -3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), arg.string("member", { multiple: true })],
    since: "6.2.0",
    complexity: "O(N) for N members asked for",
    summary: "Gives the scores of several members.",
    handler: zmscoreCommand,
  },
  {
    name: "zrank",
    arity: -3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: RANK_ARGS,
    since: "2.0.0",
    complexity: "O(log N), N being the size of the set",
    summary: "Tells how many members come before a member.",
    history: [["7.2.0", "Takes `WITHSCORE`."]],
    handler: zrankCommand,
  },
  {
    name: "zrevrank",
    arity: -3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: RANK_ARGS,
    since: "2.0.0",
    complexity: "O(log N), N being the size of the set",
    summary: "Tells how many members come after a member.",
    history: [["7.2.0", "Takes `WITHSCORE`."]],
    handler: zrevrankCommand,
  },
]);
