/** Commands that combine several sorted sets, or sets: union, intersection, difference. */
import type { RankedMembers } from "../../keyspace/types/sorted_set_ranked.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { parseDouble } from "../../memory/double.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { readInteger, roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";
import { replyHeader, replyMember } from "./lookup.ts";
import { forEachMember, readSource, type Source, sourceScore } from "./sources.ts";
import { makeResult, storeResult } from "./store.ts";

const WEIGHTS = keyword("WEIGHTS");
const AGGREGATE = keyword("AGGREGATE");
const WITHSCORES = keyword("WITHSCORES");
const LIMIT = keyword("LIMIT");
const SUM = keyword("SUM");
const MIN = keyword("MIN");
const MAX = keyword("MAX");

const NOT_A_WEIGHT = new ReplyError("ERR weight value is not a float");
const NEGATIVE_LIMIT = new ReplyError("ERR LIMIT can't be negative");

/** What is to be computed, and which options that allows. */
interface Operation {
  readonly command: string;
  readonly kind: "union" | "inter" | "diff";
  readonly output: "reply" | "store" | "count";
}

/** An operation with all that was asked for. */
interface Combination {
  readonly client: Client;
  readonly sources: Source[];
  readonly kind: Operation["kind"];
  aggregate: Uint8Array;
  withScores: boolean;
  /** 0: none. */
  limit: number;
}

const walk = new SortedSetWalk();

// ---------------------------------------------------------------- reading what is asked for

function readCombination(client: Client, args: Args, operation: Operation): Combination {
  const { command, kind, output } = operation;
  const countArg = output === "store" ? 2 : 1;
  const count = roundedInteger(args, countArg);
  if (count < 1) {
    throw new ReplyError(`ERR at least 1 input key is needed for '${command}' command`);
  }
  const first = countArg + 1;
  if (count > args.count - first) throw SYNTAX;
  const sources: Source[] = [];
  for (let i = first; i < first + count; i++) sources.push(readSource(client, args, i));
  const combination = { client, sources, kind, aggregate: SUM, withScores: false, limit: 0 };
  readOptions(args, first + count, operation, combination);
  // The smallest first: it bounds an intersection, and sums of doubles depend on the order.
  if (kind !== "diff") sources.sort((a, b) => a.size - b.size);
  return combination;
}

function readOptions(args: Args, from: number, operation: Operation, to: Combination): void {
  const { kind, output } = operation;
  const { sources } = to;
  const hasScores = kind !== "diff" && output !== "count";
  for (let i = from; i < args.count;) {
    const left = args.count - i;
    if (hasScores && left > sources.length && args.is(i, WEIGHTS)) {
      for (const source of sources) source.weight = readWeight(args, ++i);
      i++;
    } else if (hasScores && left >= 2 && args.is(i, AGGREGATE)) {
      to.aggregate = readAggregate(args, i + 1);
      i += 2;
    } else if (output === "reply" && args.is(i, WITHSCORES)) {
      to.withScores = true;
      i++;
    } else if (output === "count" && left >= 2 && args.is(i, LIMIT)) {
      to.limit = readInteger(args, i + 1, NEGATIVE_LIMIT, 0);
      i += 2;
    } else {
      throw SYNTAX;
    }
  }
}

function readWeight(args: Args, i: number): number {
  const weight = parseDouble(args.bufs[i], args.starts[i], args.ends[i]);
  if (weight !== weight) throw NOT_A_WEIGHT;
  return weight;
}

function readAggregate(args: Args, i: number): Uint8Array {
  for (const aggregate of [SUM, MIN, MAX]) if (args.is(i, aggregate)) return aggregate;
  throw SYNTAX;
}

// ---------------------------------------------------------------- computing

/** A score times a weight, 0 where that is no number. */
function weighted(score: number, weight: number): number {
  const product = score * weight;
  return product === product ? product : 0;
}

/** Two scores of a member as one; opposite infinities sum up to 0. */
function aggregated(aggregate: Uint8Array, score: number, other: number): number {
  if (aggregate === MIN) return other < score ? other : score;
  if (aggregate === MAX) return other > score ? other : score;
  const sum = score + other;
  return sum === sum ? sum : 0;
}

function fill(result: RankedMembers, combination: Combination): void {
  if (combination.kind === "union") gatherUnion(result, combination);
  else if (combination.kind === "inter") gatherIntersection(result, combination);
  else gatherDifference(result, combination);
  result.rankAll();
}

function gatherUnion(result: RankedMembers, combination: Combination): void {
  const { client: { db: { keyspace } }, sources, aggregate } = combination;
  for (const source of sources) {
    forEachMember(keyspace, source, (buf, start, end, score) => {
      const product = weighted(score, source.weight);
      const found = result.find(buf, start, end);
      if (found === 0) result.gather(buf, start, end, product);
      else result.regather(found, aggregated(aggregate, result.scoreOf(found), product));
      return true;
    });
  }
}

function gatherIntersection(result: RankedMembers, combination: Combination): void {
  forEachCommon(combination, (buf, start, end, score) => {
    result.gather(buf, start, end, score);
    return true;
  });
}

/** Visits the members that all sources have, with their aggregated scores, until `visit` returns false. */
function forEachCommon(
  combination: Combination,
  visit: (buf: Uint8Array, start: number, end: number, score: number) => boolean,
): void {
  const { client: { db: { keyspace } }, sources: [smallest, ...others], aggregate } = combination;
  forEachMember(keyspace, smallest, (buf, start, end, score) => {
    let total = weighted(score, smallest.weight);
    for (const other of others) {
      const found = sourceScore(keyspace, other, buf, start, end);
      if (found !== found) return true;
      total = aggregated(aggregate, total, found * other.weight);
    }
    return visit(buf, start, end, total);
  });
}

function gatherDifference(result: RankedMembers, combination: Combination): void {
  const { client: { db: { keyspace } }, sources: [first, ...others] } = combination;
  forEachMember(keyspace, first, (buf, start, end, score) => {
    for (const other of others) {
      const found = sourceScore(keyspace, other, buf, start, end);
      if (found === found) return true;
    }
    result.gather(buf, start, end, score);
    return true;
  });
}

// ---------------------------------------------------------------- handlers

function show(client: Client, args: Args, operation: Operation): void {
  const combination = readCombination(client, args, operation);
  const { slabs, lazyFree } = client.db.keyspace;
  const { reply } = client;
  const result = makeResult(client, fill, combination);
  const { withScores } = combination;
  replyHeader(reply, result.tree.size, withScores);
  walk.beginRanked(slabs, result, 0, false);
  while (walk.next()) replyMember(reply, walk, withScores);
  result.release(lazyFree);
}

function store(client: Client, args: Args, operation: Operation): void {
  const combination = readCombination(client, args, operation);
  const result = makeResult(client, fill, combination);
  storeResult(client, args, 1, result, operation.command);
}

function zunionCommand(client: Client, args: Args): void {
  show(client, args, { command: "zunion", kind: "union", output: "reply" });
}

function zinterCommand(client: Client, args: Args): void {
  show(client, args, { command: "zinter", kind: "inter", output: "reply" });
}

function zdiffCommand(client: Client, args: Args): void {
  show(client, args, { command: "zdiff", kind: "diff", output: "reply" });
}

function zunionstoreCommand(client: Client, args: Args): void {
  store(client, args, { command: "zunionstore", kind: "union", output: "store" });
}

function zinterstoreCommand(client: Client, args: Args): void {
  store(client, args, { command: "zinterstore", kind: "inter", output: "store" });
}

function zdiffstoreCommand(client: Client, args: Args): void {
  store(client, args, { command: "zdiffstore", kind: "diff", output: "store" });
}

function zintercardCommand(client: Client, args: Args): void {
  const operation: Operation = { command: "zintercard", kind: "inter", output: "count" };
  const combination = readCombination(client, args, operation);
  let count = 0;
  forEachCommon(combination, () => ++count !== combination.limit);
  client.reply.integer(count);
}

// ---------------------------------------------------------------- the table

const SOURCES = key({ at: 1, count: 0, first: 1, access: "ro", does: "access" });
const STORES = [
  key({ at: 1, access: "ow", does: "update" }),
  key({ at: 2, count: 0, first: 1, access: "ro", does: "access" }),
];
const SOURCE_ARGS = [arg.integer("numkeys"), arg.key("key", { multiple: true })];
const STORE_ARGS = [
  arg.key("destination"),
  arg.integer("numkeys"),
  arg.key("key", { multiple: true, keySpec: 1 }),
];
const SCORE_ARGS = [
  arg.integer("weight", { token: "WEIGHTS", optional: true, multiple: true }),
  arg.oneOf("aggregate", [arg.token("SUM"), arg.token("MIN"), arg.token("MAX")], {
    token: "AGGREGATE",
    optional: true,
  }),
];
const WITH_SCORES = arg.token("WITHSCORES", { optional: true });

const UNION_COST = "O(N + M log M), N being the number of members in all and M that of the result";
const INTER_COST = "O(N K + M log M), N being the size of the smallest set, K the number of sets " +
  "and M the number of members of the result";
const DIFF_COST = "O(N K + M log M), N being the size of the first set, K the number of sets " +
  "and M the number of members of the result";

export const sortedSetAlgebraCommands = commandTable("sorted-set", [
  {
    name: "zunion",
    arity: -3,
    flags: ["readonly"],
    keys: [SOURCES],
    args: [...SOURCE_ARGS, ...SCORE_ARGS, WITH_SCORES],
    since: "6.2.0",
    complexity: UNION_COST,
    summary: "Shows the members that any of several sets has.",
    handler: zunionCommand,
  },
  {
    name: "zinter",
    arity: -3,
    flags: ["readonly"],
    keys: [SOURCES],
    args: [...SOURCE_ARGS, ...SCORE_ARGS, WITH_SCORES],
    since: "6.2.0",
    complexity: INTER_COST,
    summary: "Shows the members that all of several sets have.",
    handler: zinterCommand,
  },
  {
    name: "zdiff",
    arity: -3,
    flags: ["readonly"],
    keys: [SOURCES],
    args: [...SOURCE_ARGS, WITH_SCORES],
    since: "6.2.0",
    complexity: DIFF_COST,
    summary: "Shows the members of a set that no other of several has.",
    handler: zdiffCommand,
  },
  {
    name: "zunionstore",
    arity: -4,
    flags: ["write", "denyoom"],
    keys: STORES,
    args: [...STORE_ARGS, ...SCORE_ARGS],
    since: "2.0.0",
    complexity: UNION_COST,
    summary: "Stores the members that any of several sets has.",
    handler: zunionstoreCommand,
  },
  {
    name: "zinterstore",
    arity: -4,
    flags: ["write", "denyoom"],
    keys: STORES,
    args: [...STORE_ARGS, ...SCORE_ARGS],
    since: "2.0.0",
    complexity: INTER_COST,
    summary: "Stores the members that all of several sets have.",
    handler: zinterstoreCommand,
  },
  {
    name: "zdiffstore",
    arity: -4,
    flags: ["write", "denyoom"],
    keys: STORES,
    args: STORE_ARGS,
    since: "6.2.0",
    complexity: DIFF_COST,
    summary: "Stores the members of a set that no other of several has.",
    handler: zdiffstoreCommand,
  },
  {
    name: "zintercard",
    arity: -3,
    flags: ["readonly"],
    keys: [SOURCES],
    args: [...SOURCE_ARGS, arg.integer("limit", { token: "LIMIT", optional: true })],
    since: "7.0.0",
    complexity: "O(N K), N being the size of the smallest set and K the number of sets",
    summary: "Counts the members that all of several sets have.",
    handler: zintercardCommand,
  },
]);
