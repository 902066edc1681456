/** Commands on the expiry of keys. */
import { MAX_DUE_MS, NO_EXPIRY } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import { parseInt64, parseSafeInteger } from "../../memory/numbers.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { NOT_AN_INTEGER, ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { invalidExpire } from "../errors.ts";
import { tellDue, tellRemoved } from "../effects.ts";
import { wrote } from "../lookup.ts";
import { arg, type CommandRow, commandTable, type Handler, key } from "../spec.ts";

const NX = keyword("NX");
const XX = keyword("XX");
const GT = keyword("GT");
const LT = keyword("LT");

const NX_NOT_ALONE = new ReplyError(
  "ERR NX and XX, GT or LT options at the same time are not compatible",
);
const GT_AND_LT = new ReplyError("ERR GT and LT options at the same time are not compatible");

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

interface Conditions {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
}

const UNCONDITIONAL: Conditions = { nx: false, xx: false, gt: false, lt: false };

// ---------------------------------------------------------------- handlers

/** EXPIRE and its relatives: seconds or milliseconds, from now or since 1970. */
function expireHandler(name: string, seconds: boolean, absolute: boolean): Handler {
  return (client, args) => {
    const { db, reply } = client;
    const conditions = args.count > 3 ? readConditions(args) : UNCONDITIONAL;
    const dueMs = readDue(args, seconds, absolute ? 0 : db.nowMs, name);
    const entry = db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]);
    if (entry === 0 || !allows(conditions, db.dueMs(entry), dueMs)) return reply.integer(0);
    if (dueMs <= db.nowMs) {
      db.removeEntry(entry, client.server.settings.lazyfreeLazyExpire);
      wrote(client, args, 1, EventClass.GENERIC, "del");
      tellRemoved(client, args, 1);
    } else {
      db.setDue(entry, dueMs);
      wrote(client, args, 1, EventClass.GENERIC, "expire");
      tellDue(client, args, 1, dueMs);
    }
    reply.integer(1);
  };
}

function readConditions(args: Args): Conditions {
  let nx = false;
  let xx = false;
  let gt = false;
  let lt = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, NX)) nx = true;
    else if (args.is(i, XX)) xx = true;
    else if (args.is(i, GT)) gt = true;
    else if (args.is(i, LT)) lt = true;
    else throw new ReplyError(`ERR Unsupported option ${args.quoted(i)}`);
  }
  if (nx && (xx || gt || lt)) throw NX_NOT_ALONE;
  if (gt && lt) throw GT_AND_LT;
  return { nx, xx, gt, lt };
}

/** A key without expiry counts as due at the end of time. */
function allows({ nx, xx, gt, lt }: Conditions, currentMs: number, dueMs: number): boolean {
  if (currentMs === NO_EXPIRY) return !xx && !gt;
  if (nx || (gt && dueMs <= currentMs)) return false;
  return !(lt && dueMs >= currentMs);
}

/** Argument 2 as a due time in ms, which may lie in the past; at most {@link MAX_DUE_MS}. */
function readDue(args: Args, seconds: boolean, baseMs: number, command: string): number {
  const value = parseSafeInteger(args.bufs[2], args.starts[2], args.ends[2]);
  const dueMs = (seconds ? value * 1000 : value) + baseMs;
  if (Math.abs(dueMs) <= Number.MAX_SAFE_INTEGER) return dueMs;
  const exact = parseInt64(args.bufs[2], args.starts[2], args.ends[2]);
  if (exact === null) throw NOT_AN_INTEGER;
  const exactMs = seconds ? exact * 1000n : exact;
  if (exactMs < INT64_MIN || exactMs + BigInt(baseMs) > INT64_MAX) throw invalidExpire(command);
  return Math.min(Number(exactMs + BigInt(baseMs)), MAX_DUE_MS);
}

/** TTL and its relatives: how long a key has, or when it goes. */
function ttlHandler(seconds: boolean, absolute: boolean): Handler {
  return (client, args) => {
    const { db, reply } = client;
    const entry = db.lookupUntouched(args.bufs[1], args.starts[1], args.ends[1]);
    if (entry === 0) return reply.integer(-2);
    const dueMs = db.dueMs(entry);
    if (dueMs === NO_EXPIRY) return reply.integer(-1);
    const ms = absolute ? dueMs : Math.max(0, dueMs - db.nowMs);
    const value = seconds ? Math.floor((ms + 500) / 1000) : ms;
    reply.integer(value);
  };
}

function persistCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]);
  if (entry === 0 || db.dueMs(entry) === NO_EXPIRY) return reply.integer(0);
  db.setDue(entry, NO_EXPIRY);
  wrote(client, args, 1, EventClass.GENERIC, "persist");
  reply.integer(1);
}

// ---------------------------------------------------------------- the table

const CONDITION = arg.oneOf(
  "condition",
  [arg.token("NX"), arg.token("XX"), arg.token("GT"), arg.token("LT")],
  { optional: true, since: "7.0.0" },
);

interface ExpireRow {
  readonly name: string;
  readonly since: string;
  readonly seconds: boolean;
  readonly absolute: boolean;
}

function expireRow({ name, since, seconds, absolute }: ExpireRow): CommandRow {
  const unit = seconds ? "seconds" : "milliseconds";
  return {
    name,
    arity: -3,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [
      arg.key(),
      absolute ? arg.unixTime(`unix-time-${unit}`) : arg.integer(unit),
      CONDITION,
    ],
    since,
    complexity: "O(1)",
    summary: absolute
      ? `Sets when a key expires, in ${unit} since 1970.`
      : `Sets how long a key has until it expires, in ${unit}.`,
    history: [["7.0.0", "Takes the conditions `NX`, `XX`, `GT` and `LT`."]],
    handler: expireHandler(name, seconds, absolute),
  };
}

function ttlRow({ name, since, seconds, absolute }: ExpireRow): CommandRow {
  const unit = seconds ? "seconds" : "milliseconds";
  return {
    name,
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [arg.key()],
    ...(absolute ? {} : { tips: ["nondeterministic_output"] }),
    since,
    complexity: "O(1)",
    summary: absolute
      ? `Tells when a key expires, in ${unit} since 1970.`
      : `Tells how long a key has until it expires, in ${unit}.`,
    handler: ttlHandler(seconds, absolute),
  };
}

export const expireCommands = commandTable("generic", [
  expireRow({ name: "expire", since: "1.0.0", seconds: true, absolute: false }),
  expireRow({ name: "expireat", since: "1.2.0", seconds: true, absolute: true }),
  expireRow({ name: "pexpire", since: "2.6.0", seconds: false, absolute: false }),
  expireRow({ name: "pexpireat", since: "2.6.0", seconds: false, absolute: true }),
  ttlRow({ name: "ttl", since: "1.0.0", seconds: true, absolute: false }),
  ttlRow({ name: "pttl", since: "2.6.0", seconds: false, absolute: false }),
  ttlRow({ name: "expiretime", since: "7.0.0", seconds: true, absolute: true }),
  ttlRow({ name: "pexpiretime", since: "7.0.0", seconds: false, absolute: true }),
  {
    name: "persist",
    arity: 2,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [arg.key()],
    since: "2.2.0",
    complexity: "O(1)",
    summary: "Removes the expiry of a key.",
    handler: persistCommand,
  },
]);
