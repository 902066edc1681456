/** Commands that show some members of a sorted set: chosen at random, or one walk's worth. */
import { scanMembers, sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import { packedScoreText } from "../../keyspace/types/sorted_set_packed.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import { formatDouble17 } from "../../memory/double.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { BUCKETS_PER_COUNT, matchesPattern, readCursor, readScanOptions } from "../scanning.ts";
import { arg, commandTable } from "../spec.ts";
import { READS, readSortedSet, replyHeader, replyMember } from "./lookup.ts";

const WITHSCORES = keyword("WITHSCORES");

const COUNT_OUT_OF_RANGE = new ReplyError("ERR value is out of range");
const COUNT_OUT_OF_INT64 = new ReplyError(
  "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
);
const INT64_MIN = -(2n ** 63n);
/** Of a count beyond this, with scores, the reply's length would be none. */
const MAX_COUNT_WITH_SCORES = 2 ** 62;
/** From one in so many members on, all are passed by to choose some of them. */
const DENSE = 3;

const walk = new SortedSetWalk();

// ---------------------------------------------------------------- ZRANDMEMBER

function zrandmemberCommand(client: Client, args: Args): void {
  if (args.count > 2) return showSeveral(client, args);
  const { db: { keyspace }, reply } = client;
  const entry = readSortedSet(client, args, 1);
  if (entry === 0) return reply.nullBulk();
  showRank(client, entry, below(client, sortedSetLength(keyspace, entry)), false);
}

/** A positive count asks for so many different members, a negative one for so many that may be the same. */
function showSeveral(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  const count = roundedInteger(args, 2);
  if (count === Number(INT64_MIN) && args.int64(2) === INT64_MIN) throw COUNT_OUT_OF_INT64;
  if (args.count > 4 || (args.count === 4 && !args.is(3, WITHSCORES))) throw SYNTAX;
  const withScores = args.count === 4;
  if (withScores && Math.abs(count) >= MAX_COUNT_WITH_SCORES) throw COUNT_OUT_OF_RANGE;
  const entry = readSortedSet(client, args, 1);
  if (entry === 0 || count === 0) return reply.emptyArray();
  const length = sortedSetLength(keyspace, entry);
  const shown = count < 0 ? -count : Math.min(count, length);
  replyHeader(reply, shown, withScores);
  if (count < 0) {
    for (let i = 0; i < shown; i++) showRank(client, entry, below(client, length), withScores);
  } else if (shown * DENSE > length) {
    showSome(client, entry, shown, length, withScores);
  } else {
    for (const rank of distinctRanks(client, shown, length)) {
      showRank(client, entry, rank, withScores);
    }
  }
}

function showRank({ db, reply }: Client, entry: number, rank: number, withScores: boolean): void {
  walk.begin(db.keyspace, entry, rank, false);
  walk.next();
  replyMember(reply, walk, withScores);
}

/** Passes all members by and shows each with the chance that makes it `count` in the end. */
function showSome(
  client: Client,
  entry: number,
  count: number,
  length: number,
  withScores: boolean,
): void {
  let wanted = count;
  walk.begin(client.db.keyspace, entry, 0, false);
  for (let left = length; wanted > 0; left--) {
    walk.next();
    if (below(client, left) >= wanted) continue;
    replyMember(client.reply, walk, withScores);
    wanted--;
  }
}

/** So many different ranks below `length`, every choice as likely as any other (R. Floyd, 1987). */
function distinctRanks(client: Client, count: number, length: number): Set<number> {
  const ranks = new Set<number>();
  for (let bound = length - count; bound < length; bound++) {
    const rank = below(client, bound + 1);
    ranks.add(ranks.has(rank) ? bound : rank);
  }
  return ranks;
}

/** A random integer from 0 to `bound - 1`. */
function below({ db }: Client, bound: number): number {
  return Math.floor((db.keyspace.random32() >>> 0) * (bound / 2 ** 32));
}

// ---------------------------------------------------------------- ZSCAN

function zscanCommand(client: Client, args: Args): void {
  const { db, db: { keyspace }, reply } = client;
  let cursor = readCursor(args, 2);
  const entry = readSortedSet(client, args, 1);
  if (entry === 0) {
    reply.array(2);
    reply.bulkInteger(0);
    return reply.emptyArray();
  }
  const { count, patternArg } = readScanOptions(args, 3);
  reply.array(2);
  // The cursor is known only after the members, which are kept until then.
  const members: Uint8Array[] = [];
  const scores: number[] = [];
  let seen = 0;
  let bucketsLeft = count * BUCKETS_PER_COUNT;
  do {
    cursor = scanMembers(keyspace, entry, cursor, (buf, start, end, score) => {
      seen++;
      if (!matchesPattern(args, patternArg, buf, start, end)) return;
      members.push(buf.slice(start, end));
      scores.push(score);
    });
  } while (cursor !== 0 && seen < count && --bucketsLeft > 0);
  const isPacked = db.encoding(entry) === Encoding.LISTPACK;
  const scoreText = isPacked ? packedScoreText : formatDouble17;
  reply.bulkInteger(cursor);
  reply.array(2 * members.length);
  for (let i = 0; i < members.length; i++) {
    reply.bulkBytes(members[i]);
    reply.bulkText(scoreText(scores[i]));
  }
}

// ---------------------------------------------------------------- the table

export const sortedSetSampleCommands = commandTable("sorted-set", [
  {
    name: "zrandmember",
    arity: -2,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.block("options", [
        arg.integer("count"),
        arg.token("WITHSCORES", { optional: true }),
      ], { optional: true }),
    ],
    since: "6.2.0",
    complexity: "O(N log M) for N members out of M",
    summary: "Gives random members of a sorted set, which keeps them.",
    tips: ["nondeterministic_output"],
    handler: zrandmemberCommand,
  },
  {
    name: "zscan",
    arity: -3,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.integer("cursor"),
      arg.pattern("pattern", { token: "MATCH", optional: true }),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk over N members",
    summary: "Walks the members of a sorted set, some with each call.",
    tips: ["nondeterministic_output"],
    handler: zscanCommand,
  },
]);
