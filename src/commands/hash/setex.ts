/** Commands that read or set fields of a hash and say at once when they fall due. */
import { EventClass } from "../../keyspace/events.ts";
import {
  expectFields,
  removeHashField,
  setHashField,
  trimHash,
} from "../../keyspace/types/hash.ts";
import { fieldDue, makeExpirable, NEVER, setFieldDue } from "../../keyspace/types/hash_due.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { Element } from "../../structures/listpack.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { wrongArity } from "../errors.ts";
import { expirationArgs, expiryOption } from "../expiry.ts";
import { arg, commandTable, key } from "../spec.ts";
import { FIELDS_BLOCK, readFieldDue, readFields } from "./due.ts";
import { PAIRS, UPDATES } from "./keys.ts";
import {
  addHash,
  dropIfEmpty,
  notifyGone,
  showField,
  tellFields,
  withoutDue,
  writeHash,
  wroteFields,
} from "./lookup.ts";

const FIELDS_KEYWORD = keyword("FIELDS");
const PERSIST = keyword("PERSIST");
const KEEPTTL = keyword("KEEPTTL");
const FNX = keyword("FNX");
const FXX = keyword("FXX");

const TWO_CONDITIONS = new ReplyError("ERR Only one of FXX or FNX arguments can be specified");
const TWO_EXPIRIES = new ReplyError(
  "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified",
);
const EXPIRE_MISSING = new ReplyError("ERR missing expire time");
const NO_FIELD_COUNT = new ReplyError("ERR invalid number of fields");

/** For a due time: as it is. */
const UNCHANGED = NaN;

/** Shows the value that is given. */
const shown = new Element();

// ---------------------------------------------------------------- reading

function hgetexCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const found = writeHash(client, args);
  const unit = expiryOption(args, 2);
  const persist = args.is(2, PERSIST);
  const dueMs = unit !== null
    ? readFieldDue(args, 3, unit, db.nowMs, "hgetex")
    : persist
    ? NEVER
    : UNCHANGED;
  const first = readFields(args, unit !== null ? 4 : persist ? 3 : 2);
  const entry = withoutDue(client, args, found, first);
  if (entry !== 0 && dueMs === dueMs) {
    db.fields.reserve();
    makeExpirable(db.keyspace, entry);
  }
  let updated = 0;
  let removed = 0;
  let isGone = entry === 0;
  reply.array(args.count - first);
  try {
    for (let i = first; i < args.count; i++) {
      if (isGone || !showField(client, args, entry, i, shown)) {
        reply.nullBulk();
        continue;
      }
      reply.bulk(shown.buf, shown.start, shown.end);
      if (dueMs !== dueMs) continue;
      if (dueMs <= db.nowMs) {
        removeField(client, args, entry, i);
        removed++;
        isGone = dropIfEmpty(client, entry);
      } else if (changeDue(client, args, entry, i, dueMs)) updated++;
    }
  } finally {
    // Also when memory has run out half-way.
    if (!isGone) db.fields.track(entry);
  }
  if (updated + removed === 0) return;
  wroteFields(
    client,
    args,
    updated + removed,
    removed > 0 ? "hdel" : persist ? "hpersist" : "hexpire",
  );
  if (removed > 0) tellFields(client, args, "HDEL", first);
  else tellFieldsDue(client, args, first, dueMs);
  if (isGone) notifyGone(client, args);
}

/** Tells when the fields from argument `first` on fall due; those that are missing do not matter. */
function tellFieldsDue(client: Client, args: Args, first: number, dueMs: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  const fields = args.count - first;
  if (dueMs === NEVER) effects.command(db.index, 4 + fields).word("HPERSIST").argument(args, 1);
  else effects.command(db.index, 5 + fields).word("HPEXPIREAT").argument(args, 1).integer(dueMs);
  effects.word("FIELDS").integer(fields);
  for (let i = first; i < args.count; i++) effects.argument(args, i);
}

/** Sets when the field at argument `i` falls due; false when a field that shall not expire did not anyway. */
function changeDue(client: Client, args: Args, entry: number, i: number, dueMs: number): boolean {
  const { keyspace } = client.db;
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  if (dueMs === NEVER && fieldDue(keyspace, entry, buf, start, end) === NEVER) return false;
  setFieldDue(keyspace, entry, buf, start, end, dueMs);
  return true;
}

/** Removes the field at argument `i`, which was to fall due in the past. */
function removeField(client: Client, args: Args, entry: number, i: number): void {
  const { keyspace } = client.db;
  removeHashField(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  keyspace.counters.expiredSubkeys++;
}

// ---------------------------------------------------------------- setting

/** What HSETEX is told to do. */
interface SetOptions {
  /** Which argument the first field is; each is followed by its value. */
  readonly first: number;
  /** Whether all fields must be there, or none, or it does not matter. */
  readonly condition: "all" | "none" | null;
  /** When they fall due, wall clock in ms; UNCHANGED for KEEPTTL, NEVER when nothing is said. */
  readonly dueMs: number;
}

function hsetexCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const options = readSetOptions(args, db.nowMs);
  const { first, condition, dueMs } = options;
  let entry = writeHash(client, args);
  if (condition !== null) {
    entry = withoutDue(client, args, entry, first, 2);
    if (!meets(client, args, entry, options)) return reply.integer(0);
  }
  const isNew = entry === 0;
  if (isNew) entry = addHash(client, args);
  const passed = dueMs <= db.nowMs;
  try {
    if (dueMs < NEVER) db.fields.reserve();
    setPairs(client, args, entry, options);
  } catch (failure) {
    if (!dropIfEmpty(client, entry)) db.fields.track(entry);
    throw failure;
  }
  if (isNew && !passed) trimHash(db.keyspace, entry);
  const isGone = passed && dropIfEmpty(client, entry);
  if (!isGone) db.fields.track(entry);
  wroteFields(client, args, (args.count - first) / 2, "hset");
  const event = passed ? "hdel" : "hexpire";
  if (dueMs < NEVER) db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.HASH, event);
  tellSet(client, args, options);
  if (isGone) notifyGone(client, args);
  reply.integer(1);
}

/** Tells what was set, without conditions and durations. */
function tellSet(client: Client, args: Args, { first, dueMs }: SetOptions): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  const texts = args.count - first;
  if (dueMs === NEVER) {
    effects.command(db.index, 2 + texts).word("HSET").argument(args, 1);
  } else {
    effects.command(db.index, (dueMs === dueMs ? 6 : 5) + texts).word("HSETEX").argument(args, 1);
    if (dueMs === dueMs) effects.word("PXAT").integer(dueMs);
    else effects.word("KEEPTTL");
    effects.word("FIELDS").integer(texts / 2);
  }
  for (let i = first; i < args.count; i++) effects.argument(args, i);
}

/** Sets all fields; those that were to fall due in the past are removed at once. */
function setPairs(client: Client, args: Args, entry: number, { first, dueMs }: SetOptions): void {
  const { db: { keyspace }, server: { settings } } = client;
  let longest = 0;
  let total = 0;
  for (let i = first; i < args.count; i++) {
    const length = args.ends[i] - args.starts[i];
    if (length > longest) longest = length;
    total += length;
  }
  expectFields(keyspace, entry, settings, longest, total);
  const expires = dueMs < NEVER;
  if (expires) makeExpirable(keyspace, entry);
  for (let i = first; i < args.count; i += 2) {
    const buf = args.bufs[i];
    const start = args.starts[i];
    const end = args.ends[i];
    setHashField(
      keyspace,
      entry,
      settings,
      buf,
      start,
      end,
      args.bufs[i + 1],
      args.starts[i + 1],
      args.ends[i + 1],
      dueMs !== NEVER,
    );
    if (!expires) continue;
    if (dueMs <= keyspace.nowMs) removeField(client, args, entry, i);
    else setFieldDue(keyspace, entry, buf, start, end, dueMs);
  }
}

/** Whether all, or none, of the fields are there, if that is asked for. */
function meets(
  client: Client,
  args: Args,
  entry: number,
  { first, condition }: SetOptions,
): boolean {
  for (let i = first; i < args.count; i += 2) {
    if (showField(client, args, entry, i, shown) !== (condition === "all")) return false;
  }
  return true;
}

/** Options stand before FIELDS, in any order. */
function readSetOptions(args: Args, nowMs: number): SetOptions {
  let condition: SetOptions["condition"] = null;
  let dueMs = NEVER;
  let hasExpiry = false;
  for (let i = 2; i < args.count; i++) {
    const unit = expiryOption(args, i);
    const keepTtl = args.is(i, KEEPTTL);
    if (args.is(i, FIELDS_KEYWORD)) {
      return { first: readPairs(args, i), condition, dueMs };
    } else if (unit !== null || keepTtl) {
      if (hasExpiry) throw TWO_EXPIRIES;
      hasExpiry = true;
      if (unit === null) {
        dueMs = UNCHANGED;
      } else {
        if (++i === args.count) throw EXPIRE_MISSING;
        dueMs = readFieldDue(args, i, unit, nowMs, "hsetex");
      }
    } else if (args.is(i, FXX) || args.is(i, FNX)) {
      if (condition !== null) throw TWO_CONDITIONS;
      condition = args.is(i, FXX) ? "all" : "none";
    } else {
      throw new ReplyError(`ERR unknown argument: ${args.quoted(i)}`);
    }
  }
  throw wrongArity("hsetex");
}

/** Reads `FIELDS numfields field value …`, FIELDS being argument `i`; returns which argument the first field is. */
function readPairs(args: Args, i: number): number {
  const first = i + 2;
  if (first + 1 >= args.count) throw wrongArity("hsetex");
  const count = readInteger(args, i + 1, NO_FIELD_COUNT, 1);
  if (count > 2 ** 31 - 1) throw NO_FIELD_COUNT;
  if (2 * count !== args.count - first) throw wrongArity("hsetex");
  return first;
}

// ---------------------------------------------------------------- the table

const COMPLEXITY = "O(N) where N is the number of fields named";

export const hashSetexCommands = commandTable("hash", [
  {
    name: "hgetex",
    arity: -5,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "update"] })],
    args: [
      arg.key(),
      arg.oneOf("expiration", [...expirationArgs(), arg.token("PERSIST")], { optional: true }),
      FIELDS_BLOCK,
    ],
    since: "8.0.0",
    complexity: COMPLEXITY,
    summary: "Gives the values of fields of a hash and may set when the fields expire.",
    handler: hgetexCommand,
  },
  {
    name: "hsetex",
    arity: -6,
    flags: ["write", "denyoom", "fast"],
    keys: UPDATES,
    args: [
      arg.key(),
      arg.oneOf("condition", [arg.token("FNX"), arg.token("FXX")], { optional: true }),
      arg.oneOf("expiration", [...expirationArgs(), arg.token("KEEPTTL")], { optional: true }),
      arg.block("fields", [arg.integer("numfields"), PAIRS], { token: "FIELDS" }),
    ],
    since: "8.0.0",
    complexity: COMPLEXITY,
    summary: "Sets fields of a hash and when they expire.",
    handler: hsetexCommand,
  },
]);
