/** DUMP and RESTORE: values as bytes, in the form in which they stand in dumps. */
import { MAX_DUE_MS, NO_EXPIRY } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import { RdbError } from "../../persistence/rdb/errors.ts";
import { setClock } from "../../persistence/rdb/loader.ts";
import {
  dumpPayload,
  isPayload,
  putRestored,
  readPayload,
  type RestoredValue,
} from "../../persistence/rdb/payload.ts";
import { NOT_GIVEN } from "../../persistence/rdb/reader.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { tellRemoved } from "../effects.ts";
import { wrote } from "../lookup.ts";
import { arg, type CommandRow, commandTable, key } from "../spec.ts";

const REPLACE = keyword("REPLACE");
const ABSTTL = keyword("ABSTTL");
const IDLETIME = keyword("IDLETIME");
const FREQ = keyword("FREQ");

const BUSY_KEY = new ReplyError("BUSYKEY Target key name already exists.");
const BAD_PAYLOAD = new ReplyError("ERR DUMP payload version or checksum are wrong");
const BAD_DATA = new ReplyError("ERR Bad data format");
const BAD_TTL = new ReplyError("ERR Invalid TTL value, must be >= 0");
const BAD_IDLETIME = new ReplyError("ERR Invalid IDLETIME value, must be >= 0");
const BAD_FREQ = new ReplyError("ERR Invalid FREQ value, must be >= 0 and <= 255");

const MAX_FREQUENCY = 255;

interface RestoreOptions {
  replaces: boolean;
  isAbsolute: boolean;
  idleSeconds: number;
  frequency: number;
}

// ---------------------------------------------------------------- handlers

function dumpCommand(client: Client, args: Args): void {
  const { db, reply, server: { settings } } = client;
  const entry = db.lookupRead(args.bufs[1], args.starts[1], args.ends[1]);
  if (entry === 0) return reply.nullBulk();
  reply.bulkBytes(dumpPayload(db, entry, settings.rdbVersion, settings.rdbcompression));
}

function restoreCommand(client: Client, args: Args): void {
  const { db } = client;
  const options = readOptions(args);
  const key = { buf: args.bufs[1], start: args.starts[1], end: args.ends[1] };
  const old = db.lookupWrite(key.buf, key.start, key.end);
  if (old !== 0 && !options.replaces) throw BUSY_KEY;
  const due = readDue(client, args, options.isAbsolute);
  const value = readRestored(client, args);
  if (due !== NO_EXPIRY && due <= db.nowMs) {
    if (value.draft !== 0) db.discard(value.draft);
    if (old !== 0) {
      db.removeEntry(old, false);
      wrote(client, args, 1, EventClass.GENERIC, "del");
      tellRemoved(client, args, 1);
    }
    return client.reply.ok();
  }
  const entry = putRestored(db, key, value, due);
  if (old !== 0) db.notify(key.buf, key.start, key.end, EventClass.NEW, "new");
  setClock(db, entry, options.idleSeconds, options.frequency);
  wrote(client, args, 1, EventClass.GENERIC, "restore");
  tellRestored(client, args, options, due);
  client.reply.ok();
}

/** Tells the payload with the time at which the key falls due. */
function tellRestored(client: Client, args: Args, options: RestoreOptions, dueMs: number): void {
  const { db, server: { effects } } = client;
  // As it came, it says all where no time is counted from now.
  if (!effects.active || options.isAbsolute || dueMs === NO_EXPIRY) return;
  const { idleSeconds, frequency } = options;
  const hasClock = idleSeconds !== NOT_GIVEN || frequency !== NOT_GIVEN;
  const count = 5 + (options.replaces ? 1 : 0) + (hasClock ? 2 : 0);
  effects.command(db.index, count).word("RESTORE").argument(args, 1)
    .integer(dueMs).argument(args, 3).word("ABSTTL");
  if (options.replaces) effects.word("REPLACE");
  if (idleSeconds !== NOT_GIVEN) effects.word("IDLETIME").integer(idleSeconds);
  else if (frequency !== NOT_GIVEN) effects.word("FREQ").integer(frequency);
}

function readOptions(args: Args): RestoreOptions {
  const options = {
    replaces: false,
    isAbsolute: false,
    idleSeconds: NOT_GIVEN,
    frequency: NOT_GIVEN,
  };
  for (let i = 4; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    if (args.is(i, REPLACE)) options.replaces = true;
    else if (args.is(i, ABSTTL)) options.isAbsolute = true;
    else if (args.is(i, IDLETIME) && hasValue && options.frequency === NOT_GIVEN) {
      options.idleSeconds = Number(args.int64(++i));
      if (options.idleSeconds < 0) throw BAD_IDLETIME;
    } else if (args.is(i, FREQ) && hasValue && options.idleSeconds === NOT_GIVEN) {
      options.frequency = Number(args.int64(++i));
      if (options.frequency < 0 || options.frequency > MAX_FREQUENCY) throw BAD_FREQ;
    } else throw SYNTAX;
  }
  return options;
}

/** Argument 2: ms from now, or since 1970; 0 for no expiry. */
function readDue(client: Client, args: Args, isAbsolute: boolean): number {
  const ttl = Number(args.int64(2));
  if (ttl < 0) throw BAD_TTL;
  if (ttl === 0) return NO_EXPIRY;
  return Math.min(isAbsolute ? ttl : ttl + client.db.nowMs, MAX_DUE_MS);
}

function readRestored({ db, server }: Client, args: Args): RestoredValue {
  const { debug, settings } = server;
  const key = { buf: args.bufs[1], start: args.starts[1], end: args.ends[1] };
  const payload = { buf: args.bufs[3], start: args.starts[3], end: args.ends[3] };
  if (!isPayload(payload, debug.comparesChecksums)) throw BAD_PAYLOAD;
  try {
    const value = readPayload(payload, { db, settings }, key);
    if (value === null) throw BAD_DATA;
    return value;
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    server.persistence.payloadRefused(error);
    throw BAD_DATA;
  }
}

// ---------------------------------------------------------------- the table

function restoreRow(name: string, since: string, summary: string): CommandRow {
  return {
    name,
    arity: -4,
    flags: ["write", "denyoom"],
    acl: ["keyspace", "dangerous"],
    keys: [key({ at: 1, access: "ow", does: "update" })],
    args: [
      arg.key(),
      arg.integer("ttl"),
      arg.string("serialized-value"),
      arg.token("REPLACE", { optional: true, since: "3.0.0" }),
      arg.token("ABSTTL", { optional: true, since: "5.0.0" }),
      arg.integer("seconds", { token: "IDLETIME", optional: true, since: "5.0.0" }),
      arg.integer("frequency", { token: "FREQ", optional: true, since: "5.0.0" }),
    ],
    since,
    complexity: "O(N) where N is the number of elements; O(N*log(N)) for a sorted set",
    summary,
    history: [
      ["3.0.0", "Takes `REPLACE`."],
      ["5.0.0", "Takes `ABSTTL`."],
      ["5.0.0", "Takes `IDLETIME` and `FREQ`."],
    ],
    handler: restoreCommand,
  };
}

export const dumpCommands = commandTable("generic", [
  {
    name: "dump",
    arity: 2,
    flags: ["readonly"],
    acl: ["keyspace"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [arg.key()],
    tips: ["nondeterministic_output"],
    since: "2.6.0",
    complexity: "O(N) where N is the number of elements, or of bytes",
    summary: "Gives the value of a key in the form that RESTORE takes.",
    handler: dumpCommand,
  },
  restoreRow("restore", "2.6.0", "Creates a key of what DUMP has given."),
]);
