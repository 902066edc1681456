/** The commands of strings: values that are bytes. */
import { KEEP_EXPIRY, NO_EXPIRY } from "../keyspace/database.ts";
import { EventClass } from "../keyspace/events.ts";
import { textEncoding } from "../keyspace/types/string.ts";
import { Encoding } from "../keyspace/types/type.ts";
import { copyBytes, latin1 } from "../memory/bytes.ts";
import {
  addLongDoubles,
  formatLongDouble,
  type LongDouble,
  parseLongDouble,
} from "../memory/long_double.ts";
import { addInt64, addSafeIntegers, parseInt64, parseSafeInteger } from "../memory/numbers.ts";
import { writeInt64, writeInteger } from "../memory/numbers.ts";
import { type Args, keyword } from "../resp/args.ts";
import { NOT_A_FLOAT, NOT_AN_INTEGER } from "../resp/errors.ts";
import { TypeId } from "../structures/entry.ts";
import { roundedInteger } from "./arguments.ts";
import type { Client } from "./context.ts";
import {
  DECREMENT_OVERFLOW,
  INCREMENT_OVERFLOW,
  NAN_OR_INFINITY,
  OFFSET_OUT_OF_RANGE,
  STRING_TOO_LONG,
  SYNTAX,
  wrongArity,
} from "./errors.ts";
import { expirationArgs, expiryOption, type ExpiryUnit, readExpiry } from "./expiry.ts";
import { tellDue, tellRemoved } from "./effects.ts";
import { lookupReadString, lookupWriteString, replyValue, storeArgument, wrote } from "./lookup.ts";
import { arg, commandTable, type FoundKey, key } from "./spec.ts";

const NX = keyword("NX");
const XX = keyword("XX");
const GET = keyword("GET");
const KEEPTTL = keyword("KEEPTTL");
const PERSIST = keyword("PERSIST");

/** Room for the text of any number that a counter can hold. */
const NUMBER_TEXT_BYTES = 24;

// ---------------------------------------------------------------- reading

function getCommand(client: Client, args: Args): void {
  const entry = lookupReadString(client, args, 1);
  if (entry === 0) client.reply.nullBulk();
  else replyValue(client, client.db, entry);
}

function strlenCommand(client: Client, args: Args): void {
  const entry = lookupReadString(client, args, 1);
  client.reply.integer(entry === 0 ? 0 : client.db.valueLength(entry));
}

function getrangeCommand(client: Client, args: Args): void {
  let start = roundedInteger(args, 2);
  let end = roundedInteger(args, 3);
  const entry = lookupReadString(client, args, 1);
  const length = entry === 0 ? 0 : client.db.valueLength(entry);
  if (start < 0 && end < 0 && start > end) return client.reply.bulkText("");
  if (start < 0) start = Math.max(0, start + length);
  if (end < 0) end = Math.max(0, end + length);
  if (end >= length) end = length - 1;
  if (length === 0 || start > end) return client.reply.bulkText("");
  const value = client.db.value(entry);
  client.reply.bulk(value.buf, value.start + start, value.start + end + 1);
}

function mgetCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  reply.array(args.count - 1);
  for (let i = 1; i < args.count; i++) {
    const entry = db.lookupRead(args.bufs[i], args.starts[i], args.ends[i]);
    if (entry === 0 || db.type(entry) !== TypeId.STRING) reply.nullBulk();
    else replyValue(client, db, entry);
  }
}

// ---------------------------------------------------------------- writing whole values

function setCommand(client: Client, args: Args): void {
  if (args.count === 3) {
    storeArgument(client, args, 1, 2, NO_EXPIRY);
    wrote(client, args, 1, EventClass.STRING, "set");
    client.reply.ok();
    return;
  }
  setWithOptions(client, args);
}

function setWithOptions(client: Client, args: Args): void {
  const { db, reply } = client;
  let nx = false;
  let xx = false;
  let get = false;
  let keepTtl = false;
  let unit: ExpiryUnit | null = null;
  let unitArg = 0;
  for (let i = 3; i < args.count; i++) {
    const option = expiryOption(args, i);
    if (args.is(i, NX) && !xx) nx = true;
    else if (args.is(i, XX) && !nx) xx = true;
    else if (args.is(i, GET)) get = true;
    else if (args.is(i, KEEPTTL) && unit === null) keepTtl = true;
    else if (
      option !== null && (unit === null || unit === option) && !keepTtl && i + 1 < args.count
    ) {
      unit = option;
      unitArg = ++i;
    } else throw SYNTAX;
  }
  const dueMs = unit !== null
    ? readExpiry(args, unitArg, unit, db.nowMs, "set")
    : keepTtl
    ? KEEP_EXPIRY
    : NO_EXPIRY;

  let exists = false;
  if (get) {
    const entry = lookupReadString(client, args, 1);
    exists = entry !== 0;
    if (exists) replyValue(client, db, entry);
    else reply.nullBulk();
  } else if (nx || xx) {
    exists = db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]) !== 0;
  }
  if ((nx && exists) || (xx && !exists)) {
    if (!get) reply.nullBulk();
    return;
  }
  storeArgument(client, args, 1, 2, dueMs);
  wrote(client, args, 1, EventClass.STRING, "set");
  if (unit !== null) {
    db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.GENERIC, "expire");
  }
  tellSet(client, args, 2, dueMs);
  if (!get) reply.ok();
}

/** Tells that argument `valueArg` has become the value of the key, without conditions and durations. */
function tellSet(client: Client, args: Args, valueArg: number, dueMs: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  const isTimeless = dueMs === NO_EXPIRY || dueMs === KEEP_EXPIRY;
  effects.command(db.index, dueMs === NO_EXPIRY ? 3 : dueMs === KEEP_EXPIRY ? 4 : 5)
    .word("SET").argument(args, 1).argument(args, valueArg);
  if (!isTimeless) effects.word("PXAT").integer(dueMs);
  else if (dueMs === KEEP_EXPIRY) effects.word("KEEPTTL");
}

function setnxCommand(client: Client, args: Args): void {
  const exists = client.db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]) !== 0;
  if (!exists) {
    storeArgument(client, args, 1, 2, NO_EXPIRY);
    wrote(client, args, 1, EventClass.STRING, "set");
  }
  client.reply.integer(exists ? 0 : 1);
}

function setWithExpiry(client: Client, args: Args, seconds: boolean, command: string): void {
  const { db } = client;
  const dueMs = readExpiry(args, 2, { seconds, absolute: false }, db.nowMs, command);
  storeArgument(client, args, 1, 3, dueMs);
  wrote(client, args, 1, EventClass.STRING, "set");
  db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.GENERIC, "expire");
  tellSet(client, args, 3, dueMs);
  client.reply.ok();
}

function setexCommand(client: Client, args: Args): void {
  setWithExpiry(client, args, true, "setex");
}

function psetexCommand(client: Client, args: Args): void {
  setWithExpiry(client, args, false, "psetex");
}

function getsetCommand(client: Client, args: Args): void {
  getCommand(client, args);
  storeArgument(client, args, 1, 2, NO_EXPIRY);
  wrote(client, args, 1, EventClass.STRING, "set");
  tellSet(client, args, 2, NO_EXPIRY);
}

function getdelCommand(client: Client, args: Args): void {
  getCommand(client, args);
  if (client.db.delete(args.bufs[1], args.starts[1], args.ends[1])) {
    wrote(client, args, 1, EventClass.GENERIC, "del");
    tellRemoved(client, args, 1);
  }
}

function getexCommand(client: Client, args: Args): void {
  const { db } = client;
  let persist = false;
  let unit: ExpiryUnit | null = null;
  let unitArg = 0;
  for (let i = 2; i < args.count; i++) {
    const option = expiryOption(args, i);
    if (args.is(i, PERSIST) && unit === null) persist = true;
    else if (
      option !== null && (unit === null || unit === option) && !persist && i + 1 < args.count
    ) {
      unit = option;
      unitArg = ++i;
    } else throw SYNTAX;
  }
  const entry = lookupReadString(client, args, 1);
  if (entry === 0) return client.reply.nullBulk();
  const dueMs = unit === null ? NO_EXPIRY : readExpiry(args, unitArg, unit, db.nowMs, "getex");
  replyValue(client, db, entry);
  if (unit !== null && dueMs <= db.nowMs) {
    db.delete(args.bufs[1], args.starts[1], args.ends[1]);
    wrote(client, args, 1, EventClass.GENERIC, "del");
    tellRemoved(client, args, 1);
  } else if (unit !== null) {
    db.setDue(entry, dueMs);
    wrote(client, args, 1, EventClass.GENERIC, "expire");
    tellDue(client, args, 1, dueMs);
  } else if (persist && db.dueMs(entry) !== NO_EXPIRY) {
    db.setDue(entry, NO_EXPIRY);
    wrote(client, args, 1, EventClass.GENERIC, "persist");
    tellDue(client, args, 1, NO_EXPIRY);
  }
}

function msetCommand(client: Client, args: Args): void {
  if (args.count % 2 === 0) throw wrongArity("mset");
  storePairs(client, args);
  client.reply.ok();
}

function msetnxCommand(client: Client, args: Args): void {
  if (args.count % 2 === 0) throw wrongArity("msetnx");
  for (let i = 1; i < args.count; i += 2) {
    if (client.db.lookupWrite(args.bufs[i], args.starts[i], args.ends[i]) !== 0) {
      client.reply.integer(0);
      return;
    }
  }
  storePairs(client, args);
  client.reply.integer(1);
}

function storePairs(client: Client, args: Args): void {
  for (let i = 1; i < args.count; i += 2) {
    storeArgument(client, args, i, i + 1, NO_EXPIRY);
    wrote(client, args, i, EventClass.STRING, "set");
  }
}

// ---------------------------------------------------------------- changing parts of values

/** Refuses a string that would become longer than `proto-max-bulk-len`. */
function checkStringLength(client: Client, length: number): void {
  if (length > client.server.settings.protoMaxBulkLen) throw STRING_TOO_LONG;
}

function appendCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupWriteString(client, args, 1);
  if (entry === 0) {
    const length = args.length(2);
    storeArgument(client, args, 1, 2, NO_EXPIRY);
    reply.integer(length);
  } else {
    const oldLength = db.valueLength(entry);
    const length = oldLength + args.length(2);
    checkStringLength(client, length);
    const value = db.value(db.resizeString(entry, length));
    copyBytes(value.buf, value.start + oldLength, args.bufs[2], args.starts[2], args.ends[2]);
    reply.integer(length);
  }
  wrote(client, args, 1, EventClass.STRING, "append");
}

function setrangeCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const offset = roundedInteger(args, 2);
  if (offset < 0) throw OFFSET_OUT_OF_RANGE;
  let entry = lookupWriteString(client, args, 1);
  const oldLength = entry === 0 ? 0 : db.valueLength(entry);
  const patchLength = args.length(3);
  if (patchLength === 0) return reply.integer(oldLength);
  checkStringLength(client, offset + patchLength);
  const length = Math.max(oldLength, offset + patchLength);
  entry = entry === 0
    ? db.createString(args.bufs[1], args.starts[1], args.ends[1], length)
    : db.resizeString(entry, length);
  const value = db.value(entry);
  copyBytes(value.buf, value.start + offset, args.bufs[3], args.starts[3], args.ends[3]);
  wrote(client, args, 1, EventClass.STRING, "setrange");
  reply.integer(length);
}

// ---------------------------------------------------------------- counting

const LONG_DOUBLE_ZERO: LongDouble = { mantissa: 0n, exponent: 0 };

const numberText = new Uint8Array(NUMBER_TEXT_BYTES);

function incrCommand(client: Client, args: Args): void {
  increment(client, args, 1);
}

function decrCommand(client: Client, args: Args): void {
  increment(client, args, -1);
}

function incrbyCommand(client: Client, args: Args): void {
  const by = parseSafeInteger(args.bufs[2], args.starts[2], args.ends[2]);
  if (by === by) increment(client, args, by);
  else incrementExactly(client, args, args.int64(2));
}

function decrbyCommand(client: Client, args: Args): void {
  const by = parseSafeInteger(args.bufs[2], args.starts[2], args.ends[2]);
  if (by === by) return increment(client, args, -by);
  const exact = args.int64(2);
  if (exact === -(2n ** 63n)) throw DECREMENT_OVERFLOW;
  incrementExactly(client, args, -exact);
}

/** INCRBY in plain numbers, as long as they are exact; beyond them {@link incrementExactly} takes over. */
function increment(client: Client, args: Args, by: number): void {
  const { db } = client;
  const entry = lookupWriteString(client, args, 1);
  let old = 0;
  if (entry !== 0) {
    const value = db.value(entry);
    old = parseSafeInteger(value.buf, value.start, value.end);
  }
  const sum = addSafeIntegers(old, by);
  if (sum !== sum) return incrementExactly(client, args, BigInt(by));
  storeNumber(client, args, entry, numberText, writeInteger(numberText, 0, sum), Encoding.INT);
  wrote(client, args, 1, EventClass.STRING, "incrby");
  client.reply.integer(sum);
}

function incrementExactly(client: Client, args: Args, by: bigint): void {
  const { db } = client;
  const entry = lookupWriteString(client, args, 1);
  let old: bigint | null = 0n;
  if (entry !== 0) {
    const value = db.value(entry);
    old = parseInt64(value.buf, value.start, value.end);
    if (old === null) throw NOT_AN_INTEGER;
  }
  const sum = addInt64(old, by);
  if (sum === null) throw INCREMENT_OVERFLOW;
  storeNumber(client, args, entry, numberText, writeInt64(numberText, 0, sum), Encoding.INT);
  wrote(client, args, 1, EventClass.STRING, "incrby");
  client.reply.int64(sum);
}

/** Makes the first `length` bytes of `text` the value of the key at argument 1; its expiry stays. */
function storeNumber(
  client: Client,
  args: Args,
  entry: number,
  text: Uint8Array,
  length: number,
  encoding: number,
): void {
  const { db } = client;
  if (entry !== 0) {
    db.replaceString(entry, text, 0, length, encoding);
    return;
  }
  db.setString(
    args.bufs[1],
    args.starts[1],
    args.ends[1],
    text,
    0,
    length,
    encoding,
    NO_EXPIRY,
  );
}

function incrbyfloatCommand(client: Client, args: Args): void {
  const entry = lookupWriteString(client, args, 1);
  let old: LongDouble | null = LONG_DOUBLE_ZERO;
  if (entry !== 0) {
    const value = client.db.value(entry);
    old = parseLongDouble(value.buf, value.start, value.end);
  }
  const by = parseLongDouble(args.bufs[2], args.starts[2], args.ends[2]);
  if (old === null || by === null) throw NOT_A_FLOAT;
  const sum = addLongDoubles(old, by);
  if (sum === null) throw NAN_OR_INFINITY;
  const text = latin1(formatLongDouble(sum));
  storeNumber(client, args, entry, text, text.length, textEncoding(text.length));
  wrote(client, args, 1, EventClass.STRING, "incrbyfloat");
  tellFloat(client, args, text);
  client.reply.bulk(text, 0, text.length);
}

/** Tells the sum, not the summand: another machine may round otherwise. */
function tellFloat(client: Client, args: Args, text: Uint8Array): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 4).word("SET").argument(args, 1).bytes(text, 0, text.length)
    .word("KEEPTTL");
}

// ---------------------------------------------------------------- the table

const ONE_KEY_READ = [key({ at: 1, access: "ro", does: "access" })];
const ONE_KEY_WRITE = [key({ at: 1, access: "ow", does: "update" })];
const ONE_KEY_CHANGE = [key({ at: 1, access: "rw", does: ["access", "update"] })];
const ONE_KEY_EXTEND = [key({ at: 1, access: "rw", does: "insert" })];

/** SET reads its key where it is told to GET, and else only overwrites it. */
function findSetKeys(args: Args): FoundKey[] {
  let [spec] = ONE_KEY_WRITE;
  for (let i = 3; i < args.count; i++) if (args.is(i, GET)) [spec] = ONE_KEY_CHANGE;
  return [{ index: 1, spec }];
}
const PAIRS = arg.block("data", [arg.key(), arg.string("value")], { multiple: true });

export const stringCommands = commandTable("string", [
  {
    name: "append",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_EXTEND,
    args: [arg.key(), arg.string("value")],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Adds bytes to the end of a string, creating the string when it is missing.",
    handler: appendCommand,
  },
  {
    name: "decr",
    arity: 2,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_CHANGE,
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Takes one from the integer that a string holds; a missing key counts as 0.",
    handler: decrCommand,
  },
  {
    name: "decrby",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_CHANGE,
    args: [arg.key(), arg.integer("decrement")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Takes a number from the integer that a string holds; a missing key counts as 0.",
    handler: decrbyCommand,
  },
  {
    name: "get",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: ONE_KEY_READ,
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Gives the value of a string.",
    handler: getCommand,
  },
  {
    name: "getdel",
    arity: 2,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "delete"] })],
    args: [arg.key()],
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Gives the value of a string and removes its key.",
    handler: getdelCommand,
  },
  {
    name: "getex",
    arity: -2,
    flags: ["write", "fast"],
    keys: [
      key({
        at: 1,
        access: "rw",
        does: ["access", "update"],
        notes: "RW and UPDATE because it changes the TTL",
      }),
    ],
    args: [
      arg.key(),
      arg.oneOf("expiration", [...expirationArgs(), arg.token("PERSIST")], { optional: true }),
    ],
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Gives the value of a string and sets or removes its expiry.",
    handler: getexCommand,
  },
  {
    name: "getrange",
    arity: 4,
    flags: ["readonly"],
    keys: ONE_KEY_READ,
    args: [arg.key(), arg.integer("start"), arg.integer("end")],
    since: "2.4.0",
    complexity: "O(N) where N is the length of the part that is returned",
    summary: "Gives a part of a string, by the offsets of its first and last byte.",
    costsItsReply: true,
    handler: getrangeCommand,
  },
  {
    name: "getset",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "update"] })],
    args: [arg.key(), arg.string("value")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Sets a string and gives the value it had.",
    deprecated: { since: "6.2.0", replacedBy: "`SET` with the `GET` option" },
    handler: getsetCommand,
  },
  {
    name: "incr",
    arity: 2,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_CHANGE,
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Adds one to the integer that a string holds; a missing key counts as 0.",
    handler: incrCommand,
  },
  {
    name: "incrby",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_CHANGE,
    args: [arg.key(), arg.integer("increment")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Adds a number to the integer that a string holds; a missing key counts as 0.",
    handler: incrbyCommand,
  },
  {
    name: "incrbyfloat",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: ONE_KEY_CHANGE,
    args: [arg.key(), arg.double("increment")],
    since: "2.6.0",
    complexity: "O(1)",
    summary:
      "Adds a floating-point number to the one that a string holds; a missing key counts as 0.",
    handler: incrbyfloatCommand,
  },
  {
    name: "mget",
    arity: -2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, last: -1, access: "ro", does: "access" })],
    args: [arg.key("key", { multiple: true })],
    tips: ["request_policy:multi_shard"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys",
    summary: "Gives the values of several strings.",
    handler: mgetCommand,
  },
  {
    name: "mset",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, last: -1, step: 2, access: "ow", does: "update" })],
    args: [PAIRS],
    tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
    since: "1.0.1",
    complexity: "O(N) where N is the number of keys",
    summary: "Sets several strings at once.",
    handler: msetCommand,
  },
  {
    name: "msetnx",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, last: -1, step: 2, access: "ow", does: "insert" })],
    args: [PAIRS],
    tips: ["request_policy:multi_shard", "response_policy:agg_min"],
    since: "1.0.1",
    complexity: "O(N) where N is the number of keys",
    summary: "Sets several strings at once, provided that none of the keys exists.",
    handler: msetnxCommand,
  },
  {
    name: "psetex",
    arity: 4,
    flags: ["write", "denyoom"],
    keys: ONE_KEY_WRITE,
    args: [arg.key(), arg.integer("milliseconds"), arg.string("value")],
    since: "2.6.0",
    complexity: "O(1)",
    summary: "Sets a string and its time to live in milliseconds.",
    handler: psetexCommand,
  },
  {
    name: "set",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [
      key({
        at: 1,
        access: "rw",
        does: ["access", "update"],
        other: ["variable_flags"],
        notes: "RW and ACCESS due to the optional `GET` argument",
      }),
    ],
    findKeys: findSetKeys,
    args: [
      arg.key(),
      arg.string("value"),
      arg.oneOf("condition", [arg.token("NX"), arg.token("XX")], {
        optional: true,
        since: "2.6.12",
      }),
      arg.token("GET", { optional: true, since: "6.2.0" }),
      arg.oneOf(
        "expiration",
        [...expirationArgs(), arg.token("KEEPTTL", { since: "6.0.0" })],
        { optional: true },
      ),
    ],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Sets the value of a key to a string, whatever the key held before.",
    handler: setCommand,
  },
  {
    name: "setex",
    arity: 4,
    flags: ["write", "denyoom"],
    keys: ONE_KEY_WRITE,
    args: [arg.key(), arg.integer("seconds"), arg.string("value")],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Sets a string and its time to live in seconds.",
    handler: setexCommand,
  },
  {
    name: "setnx",
    arity: 3,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "ow", does: "insert" })],
    args: [arg.key(), arg.string("value")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Sets a string, provided that the key does not exist.",
    handler: setnxCommand,
  },
  {
    name: "setrange",
    arity: 4,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [arg.key(), arg.integer("offset"), arg.string("value")],
    since: "2.2.0",
    complexity:
      "O(N) where N is the length of the bytes written, and of the zeros that must fill a gap",
    summary: "Overwrites a part of a string from an offset on; a gap is filled with zero bytes.",
    handler: setrangeCommand,
  },
  {
    name: "strlen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "2.2.0",
    complexity: "O(1)",
    summary: "Gives the length of a string in bytes.",
    handler: strlenCommand,
  },
  {
    name: "substr",
    arity: 4,
    flags: ["readonly"],
    keys: ONE_KEY_READ,
    args: [arg.key(), arg.integer("start"), arg.integer("end")],
    since: "1.0.0",
    complexity: "O(N) where N is the length of the part that is returned",
    summary: "Gives a part of a string; the old name of GETRANGE.",
    deprecated: { since: "2.0.0", replacedBy: "`GETRANGE`" },
    costsItsReply: true,
    handler: getrangeCommand,
  },
]);
