/** Commands on when fields of hashes fall due. */
import { EventClass } from "../../keyspace/events.ts";
import { removeHashField } from "../../keyspace/types/hash.ts";
import { fieldDue, makeExpirable, NEVER, setFieldDue } from "../../keyspace/types/hash_due.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import type { ExpiryUnit } from "../expiry.ts";
import { wrote } from "../lookup.ts";
import { arg, type CommandRow, commandTable, type Handler } from "../spec.ts";
import { FIELDS_BLOCK, readFieldDue, readFields } from "./due.ts";
import { READS, UPDATES } from "./keys.ts";
import { dropIfEmpty, notifyGone, readHash, writeHash, wroteFields } from "./lookup.ts";

const NX = keyword("NX");
const XX = keyword("XX");
const GT = keyword("GT");
const LT = keyword("LT");

const COUNT_NOT_POSITIVE = new ReplyError("ERR Parameter `numFields` should be greater than 0");

/** What is replied for a field. */
const NO_FIELD = -2;
const NO_DUE_TIME = -1;
const NOT_ALLOWED = 0;
const DONE = 1;
const REMOVED = 2;

/** Whether a field that falls due at `currentMs`, NEVER when it does not, may be given another due time. */
type Condition = (currentMs: number, dueMs: number) => boolean;

const always: Condition = () => true;
const unlessVolatile: Condition = (currentMs) => currentMs === NEVER;
const ifVolatile: Condition = (currentMs) => currentMs !== NEVER;
const ifLater: Condition = (currentMs, dueMs) => dueMs > currentMs;
const ifSooner: Condition = (currentMs, dueMs) => dueMs < currentMs;

// ---------------------------------------------------------------- setting

/** HEXPIRE and its relatives. */
function hexpireHandler(name: string, unit: ExpiryUnit): Handler {
  return (client, args) => {
    const { db, db: { keyspace }, reply } = client;
    const entry = writeHash(client, args);
    const dueMs = readFieldDue(args, 2, unit, db.nowMs, name);
    const condition = readCondition(args);
    const first = readFields(args, condition === always ? 3 : 4, COUNT_NOT_POSITIVE);
    if (entry !== 0) {
      db.fields.reserve();
      makeExpirable(keyspace, entry);
    }
    const counts = { updated: 0, removed: 0, isGone: entry === 0 };
    reply.array(args.count - first);
    try {
      for (let i = first; i < args.count; i++) {
        reply.integer(expireField(client, args, entry, i, dueMs, condition, counts));
      }
    } finally {
      // Also when memory has run out half-way.
      if (!counts.isGone) db.fields.track(entry);
    }
    const { updated, removed, isGone } = counts;
    if (updated + removed === 0) return;
    wroteFields(client, args, updated + removed, removed > 0 ? "hdel" : "hexpire");
    tellFieldsDue(client, args, dueMs);
    if (isGone) notifyGone(client, args);
  };
}

/** Tells all of the request, but when fields fall due in place of how long they have. */
function tellFieldsDue(client: Client, args: Args, dueMs: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, args.count).word("HPEXPIREAT").argument(args, 1).integer(dueMs);
  for (let i = 3; i < args.count; i++) effects.argument(args, i);
}

/** Sets when the field at argument `i` falls due, or removes it if that has passed; returns what is replied. */
function expireField(
  client: Client,
  args: Args,
  entry: number,
  i: number,
  dueMs: number,
  condition: Condition,
  counts: { updated: number; removed: number; isGone: boolean },
): number {
  const { keyspace } = client.db;
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  const currentMs = counts.isGone ? NaN : fieldDue(keyspace, entry, buf, start, end);
  if (currentMs !== currentMs) return NO_FIELD;
  if (!condition(currentMs, dueMs)) return NOT_ALLOWED;
  if (dueMs > keyspace.nowMs) {
    setFieldDue(keyspace, entry, buf, start, end, dueMs);
    counts.updated++;
    return DONE;
  }
  removeHashField(keyspace, entry, buf, start, end);
  keyspace.counters.expiredSubkeys++;
  counts.removed++;
  counts.isGone = dropIfEmpty(client, entry);
  return REMOVED;
}

/** The condition that argument 3 names; {@link always} when it names none. */
function readCondition(args: Args): Condition {
  if (args.is(3, NX)) return unlessVolatile;
  if (args.is(3, XX)) return ifVolatile;
  if (args.is(3, GT)) return ifLater;
  if (args.is(3, LT)) return ifSooner;
  return always;
}

function hpersistCommand(client: Client, args: Args): void {
  const { db, db: { keyspace }, reply } = client;
  const entry = writeHash(client, args);
  const first = readFields(args, 2);
  let persisted = 0;
  reply.array(args.count - first);
  for (let i = first; i < args.count; i++) {
    const currentMs = liveDue(client, args, entry, i);
    if (currentMs !== currentMs) {
      reply.integer(NO_FIELD);
    } else if (currentMs === NEVER) {
      reply.integer(NO_DUE_TIME);
    } else {
      setFieldDue(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i], NEVER);
      persisted++;
      reply.integer(DONE);
    }
  }
  if (persisted === 0) return;
  db.fields.track(entry);
  wrote(client, args, 1, EventClass.HASH, "hpersist");
}

// ---------------------------------------------------------------- reading

/** HTTL and its relatives: how long fields have, or when they go. */
function httlHandler(unit: ExpiryUnit): Handler {
  return (client, args) => {
    const { db, reply } = client;
    const entry = readHash(client, args);
    const first = readFields(args, 2);
    const baseMs = unit.absolute ? 0 : db.nowMs;
    reply.array(args.count - first);
    for (let i = first; i < args.count; i++) {
      const dueMs = liveDue(client, args, entry, i);
      if (dueMs !== dueMs) reply.integer(NO_FIELD);
      else if (dueMs === NEVER) reply.integer(NO_DUE_TIME);
      else reply.integer(unit.seconds ? Math.ceil((dueMs - baseMs) / 1000) : dueMs - baseMs);
    }
  };
}

/** When the field at argument `i` falls due; NaN when it is missing, or has done so. */
function liveDue({ db, db: { keyspace } }: Client, args: Args, entry: number, i: number): number {
  if (entry === 0) return NaN;
  const dueMs = fieldDue(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  return dueMs <= db.nowMs ? NaN : dueMs;
}

// ---------------------------------------------------------------- the table

const CONDITION = arg.oneOf(
  "condition",
  [arg.token("NX"), arg.token("XX"), arg.token("GT"), arg.token("LT")],
  { optional: true },
);

const COMPLEXITY = "O(N) where N is the number of fields named";

function hexpireRow(name: string, unit: ExpiryUnit): CommandRow {
  const units = unit.seconds ? "seconds" : "milliseconds";
  return {
    name,
    arity: -6,
    flags: ["write", "denyoom", "fast"],
    keys: UPDATES,
    args: [
      arg.key(),
      unit.absolute ? arg.unixTime(`unix-time-${units}`) : arg.integer(units),
      CONDITION,
      FIELDS_BLOCK,
    ],
    since: "7.4.0",
    complexity: COMPLEXITY,
    summary: unit.absolute
      ? `Sets when fields of a hash expire, in ${units} since 1970.`
      : `Sets how long fields of a hash have until they expire, in ${units}.`,
    handler: hexpireHandler(name, unit),
  };
}

function httlRow(name: string, unit: ExpiryUnit): CommandRow {
  const units = unit.seconds ? "seconds" : "milliseconds";
  return {
    name,
    arity: -5,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), FIELDS_BLOCK],
    ...(unit.absolute ? {} : { tips: ["nondeterministic_output"] }),
    since: "7.4.0",
    complexity: COMPLEXITY,
    summary: unit.absolute
      ? `Tells when fields of a hash expire, in ${units} since 1970.`
      : `Tells how long fields of a hash have until they expire, in ${units}.`,
    handler: httlHandler(unit),
  };
}

export const hashExpireCommands = commandTable("hash", [
  hexpireRow("hexpire", { seconds: true, absolute: false }),
  hexpireRow("hexpireat", { seconds: true, absolute: true }),
  hexpireRow("hpexpire", { seconds: false, absolute: false }),
  hexpireRow("hpexpireat", { seconds: false, absolute: true }),
  httlRow("httl", { seconds: true, absolute: false }),
  httlRow("hpttl", { seconds: false, absolute: false }),
  httlRow("hexpiretime", { seconds: true, absolute: true }),
  httlRow("hpexpiretime", { seconds: false, absolute: true }),
  {
    name: "hpersist",
    arity: -5,
    flags: ["write", "fast"],
    keys: UPDATES,
    args: [arg.key(), FIELDS_BLOCK],
    since: "7.4.0",
    complexity: COMPLEXITY,
    summary: "Removes the expiry of fields of a hash.",
    handler: hpersistCommand,
  },
]);
