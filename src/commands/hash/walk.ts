/** Commands that show many fields of a hash: all of them, some at a time, or some at random. */
import { expireFields } from "../../keyspace/field_expiry.ts";
import {
  forEachField,
  hashLength,
  isPacked,
  scanFields,
  visitEntry,
  type VisitField,
} from "../../keyspace/types/hash.ts";
import { forEachLiveField, liveLength } from "../../keyspace/types/hash_due.ts";
import {
  visitDistinctFields,
  visitRandomField,
  visitRandomFields,
} from "../../keyspace/types/hash_random.ts";
import { INT64_MAX } from "../../memory/numbers.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import type { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import {
  BUCKETS_PER_COUNT,
  matchesPattern,
  NOVALUES,
  readCursor,
  readScanOptions,
} from "../scanning.ts";
import { arg, commandTable } from "../spec.ts";
import { READS } from "./keys.ts";
import { readHash } from "./lookup.ts";

const WITHVALUES = keyword("WITHVALUES");

/** Fields drawn between two looks at the client. */
const RANDOM_PORTION = 1000;

const COUNT_OUT_OF_RANGE = new ReplyError("ERR value is out of range");
const COUNT_OUT_OF_INT64 = new ReplyError(
  "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
);

// ---------------------------------------------------------------- parts of replies

function replyName(field: Element, _value: Element, reply: ReplyWriter): void {
  reply.bulk(field.buf, field.start, field.end);
}

function replyValue(_field: Element, value: Element, reply: ReplyWriter): void {
  reply.bulk(value.buf, value.start, value.end);
}

function replyBoth(field: Element, value: Element, reply: ReplyWriter): void {
  reply.bulk(field.buf, field.start, field.end);
  reply.bulk(value.buf, value.start, value.end);
}

/** A pair of its own, as RESP3 has it. */
function replyPair(field: Element, value: Element, reply: ReplyWriter): void {
  reply.array(2);
  replyBoth(field, value, reply);
}

// ---------------------------------------------------------------- all fields

function hgetallCommand(client: Client, args: Args): void {
  const { reply } = client;
  const entry = readHash(client, args);
  reply.map(lengthOf(client, entry));
  if (entry !== 0) showAll(client, entry, replyBoth, reply);
}

function hkeysCommand(client: Client, args: Args): void {
  replyAll(client, args, replyName);
}

function hvalsCommand(client: Client, args: Args): void {
  replyAll(client, args, replyValue);
}

/** Replies with an array of what `visit` writes of each field. */
function replyAll(client: Client, args: Args, visit: VisitField<ReplyWriter>): void {
  const { reply } = client;
  const entry = readHash(client, args);
  reply.array(lengthOf(client, entry));
  if (entry !== 0) showAll(client, entry, visit, reply);
}

/** Number of fields that are not due; 0 for a missing hash. */
function lengthOf({ db, db: { keyspace } }: Client, entry: number): number {
  if (entry === 0) return 0;
  return db.fields.hasDue(entry, keyspace.nowMs)
    ? liveLength(keyspace, entry, keyspace.nowMs)
    : hashLength(keyspace, entry);
}

/** Shows the fields of a hash that are not due. */
function showAll<T>(
  { db, db: { keyspace } }: Client,
  entry: number,
  visit: VisitField<T>,
  target: T,
): void {
  const { nowMs } = keyspace;
  if (db.fields.hasDue(entry, nowMs)) forEachLiveField(keyspace, entry, nowMs, visit, target);
  else forEachField(keyspace, entry, visit, target);
}

// ---------------------------------------------------------------- some at a time

function hscanCommand(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  let cursor = readCursor(args, 2);
  const entry = readHash(client, args);
  if (entry === 0) {
    reply.array(2);
    reply.bulkInteger(0);
    return reply.emptyArray();
  }
  let withValues = true;
  const { count, patternArg } = readScanOptions(args, 3, (args, i) => {
    if (!args.is(i, NOVALUES)) return 0;
    withValues = false;
    return 1;
  });
  const packed = isPacked(keyspace.slabs, entry);
  const fields: number[] = [];
  cursor = packed
    ? 0
    : scanFields(keyspace, entry, cursor, count, count * BUCKETS_PER_COUNT, fields);

  reply.array(2);
  reply.bulkInteger(cursor);
  const header = reply.deferLength();
  let written = 0;
  const { nowMs } = keyspace;
  const visit = (field: Element, value: Element, _target: null, dueMs: number) => {
    if (dueMs <= nowMs || !matchesPattern(args, patternArg, field.buf, field.start, field.end)) {
      return;
    }
    if (withValues) replyBoth(field, value, reply);
    else replyName(field, value, reply);
    written++;
  };
  if (packed) forEachField(keyspace, entry, visit, null);
  for (const field of fields) visitEntry(keyspace.slabs, field, visit, null);
  reply.setArrayLength(header, withValues ? 2 * written : written);
}

// ---------------------------------------------------------------- some at random

function hrandfieldCommand(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  if (args.count > 2) return replyRandom(client, args);
  const entry = hashToDrawFrom(client, args);
  if (entry === 0) reply.nullBulk();
  else visitRandomField(keyspace, entry, keyspace.random32, replyName, reply);
}

/** The hash at argument 1 without the fields that are due; 0 when it is missing. */
function hashToDrawFrom(client: Client, args: Args): number {
  const { db, db: { keyspace } } = client;
  const entry = readHash(client, args);
  if (entry === 0 || !db.fields.hasDue(entry, keyspace.nowMs) || keyspace.expiryPaused) {
    return entry;
  }
  expireFields(db, entry);
  return db.peek(args.bufs[1], args.starts[1], args.ends[1]);
}

/** HRANDFIELD with a count. */
function replyRandom(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  const { count, withValues } = readRandomOptions(args);
  const entry = hashToDrawFrom(client, args);
  const length = entry === 0 ? 0 : hashLength(keyspace, entry);
  if (length === 0 || count === 0) return reply.emptyArray();
  const wanted = count < 0 ? -count : Math.min(count, length);
  const isFlat = reply.proto === 2;
  reply.array(withValues && isFlat ? 2 * wanted : wanted);
  const visit = !withValues ? replyName : isFlat ? replyBoth : replyPair;
  const { random32 } = keyspace;
  if (count < 0) {
    // In portions: the client may be cut off before it has got them all.
    for (let left = wanted; left > 0 && !reply.overflowed; left -= RANDOM_PORTION) {
      const portion = Math.min(left, RANDOM_PORTION);
      visitRandomFields(keyspace, entry, portion, random32, visit, reply);
    }
  } else if (count >= length) forEachField(keyspace, entry, visit, reply);
  else visitDistinctFields(keyspace, entry, wanted, random32, visit, reply);
}

/** The count, rounded beyond 2^53, and whether values are wanted. */
function readRandomOptions(args: Args): { count: number; withValues: boolean } {
  const count = args.int64(2);
  if (count < -INT64_MAX) throw COUNT_OUT_OF_INT64;
  const withValues = args.count === 4 && args.is(3, WITHVALUES);
  if (args.count > 3 && !withValues) throw SYNTAX;
  const max = INT64_MAX / 2n;
  if (withValues && (count < -max || count > max)) throw COUNT_OUT_OF_RANGE;
  return { count: Number(count), withValues };
}

// ---------------------------------------------------------------- the table

export const hashWalkCommands = commandTable("hash", [
  {
    name: "hgetall",
    arity: 2,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key()],
    tips: ["nondeterministic_output_order"],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields",
    summary: "Gives all fields of a hash with their values.",
    costsItsReply: true,
    handler: hgetallCommand,
  },
  {
    name: "hkeys",
    arity: 2,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key()],
    tips: ["nondeterministic_output_order"],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields",
    summary: "Lists the fields of a hash.",
    costsItsReply: true,
    handler: hkeysCommand,
  },
  {
    name: "hrandfield",
    arity: -2,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.block("options", [
        arg.integer("count"),
        arg.token("WITHVALUES", { optional: true }),
      ], { optional: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "6.2.0",
    complexity: "O(N) where N is the number of fields asked for",
    summary: "Picks fields of a hash at random.",
    handler: hrandfieldCommand,
  },
  {
    name: "hscan",
    arity: -3,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.integer("cursor"),
      arg.pattern("pattern", { token: "MATCH", optional: true }),
      arg.integer("count", { token: "COUNT", optional: true }),
      arg.token("NOVALUES", { optional: true, since: "7.4.0" }),
    ],
    tips: ["nondeterministic_output"],
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk over N fields",
    summary: "Walks the fields of a hash, some with each call.",
    history: [["7.4.0", "Takes `NOVALUES`."]],
    handler: hscanCommand,
  },
  {
    name: "hvals",
    arity: 2,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key()],
    tips: ["nondeterministic_output_order"],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields",
    summary: "Lists the values of a hash.",
    costsItsReply: true,
    handler: hvalsCommand,
  },
]);
