/** Commands that add entries to streams, remove them, and set what is known of a stream. */
import { EventClass } from "../../keyspace/events.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import { MAX_STREAM_NODE_BYTES, type Stream } from "../../structures/stream.ts";
import { compareIds, StreamId } from "../../structures/stream_id.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { NO_SUCH_KEY, SYNTAX, wrongArity } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { tellAdded, tellTrimmed } from "./effects.ts";
import { readId, replyId } from "./ids.ts";
import { addStream, dropStream, reader, writeStream, wroteAround } from "./lookup.ts";
import {
  NewId,
  newTrimOptions,
  readTrimOptions,
  TRIM_ARGUMENTS,
  type TrimOptions,
} from "./trimming.ts";

const ENTRIESADDED = keyword("ENTRIESADDED");
const MAXDELETEDID = keyword("MAXDELETEDID");

const ID_IS_ZERO = new ReplyError("ERR The ID specified in XADD must be greater than 0-0");
const ID_TOO_SMALL = new ReplyError(
  "ERR The ID specified in XADD is equal or smaller than the target stream top item",
);
const EXHAUSTED = new ReplyError(
  "ERR The stream has exhausted the last possible ID, unable to add more items",
);
const TOO_LARGE = new ReplyError("ERR Elements are too large to be stored");
const SET_BELOW_TOP = new ReplyError(
  "ERR The ID specified in XSETID is smaller than the target stream top item",
);
const SET_BELOW_GIVEN_DELETED = new ReplyError(
  "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id",
);
const ADDED_BELOW_LENGTH = new ReplyError(
  "ERR The entries_added specified in XSETID is smaller than the target stream length",
);
const ADDED_NEGATIVE = new ReplyError("ERR entries_added must be positive");

const options = newTrimOptions();
const id = new StreamId();
const otherId = new StreamId();

// ---------------------------------------------------------------- adding

function xaddCommand(client: Client, args: Args): void {
  const { settings } = client.server;
  const first = readTrimOptions(args, true, settings, options) + 1;
  const texts = args.count - first;
  if (texts < 2 || texts % 2 === 1) throw wrongArity("xadd");
  if (options.newId === NewId.GIVEN && options.id.isMin) throw ID_IS_ZERO;
  const found = writeStream(client, args);
  if (found === null && !options.makesStream) return client.reply.nullBulk();
  const bytes = bytesOf(args, first);
  if (found?.lastId.isMax) throw EXHAUSTED;
  if (found !== null) chooseId(found.lastId, options, client.db.nowMs);
  if (bytes > MAX_STREAM_NODE_BYTES) throw TOO_LARGE;
  const stream = found ?? addStream(client, args);
  try {
    if (found === null) chooseId(stream.lastId, options, client.db.nowMs);
    stream.append(id, args, first, bytes, settings);
  } catch (failure) {
    if (found === null) dropStream(client, args);
    throw failure;
  }
  replyId(client.reply, id);
  wrote(client, args, 1, EventClass.STREAM, "xadd");
  client.db.ready(TypeId.STREAM, args.bufs[1], args.starts[1], args.ends[1]);
  const isTrimmed = options.trims && stream.trim(options, reader) > 0;
  if (isTrimmed) notifyTrimmed(client, args);
  tellAdded(client, args, stream, id, first, isTrimmed);
}

/** Makes {@link id} the ID of the next entry after `last`. */
function chooseId(last: StreamId, { newId, id: given }: TrimOptions, nowMs: number): void {
  if (newId === NewId.GIVEN) {
    id.copy(given);
  } else {
    if (newId === NewId.AUTO) id.setMs(nowMs);
    else id.copy(given);
    const isSameMs = id.msHigh === last.msHigh && id.msLow === last.msLow;
    if (newId === NewId.AUTO ? compareIds(id, last) <= 0 : isSameMs) {
      if (newId === NewId.AUTO_SEQ && last.isLastOfMs) throw ID_TOO_SMALL;
      id.copy(last);
      id.increment();
    }
  }
  if (compareIds(id, last) <= 0) throw ID_TOO_SMALL;
}

function bytesOf(args: Args, first: number): number {
  let bytes = 0;
  for (let i = first; i < args.count; i++) bytes += args.length(i);
  return bytes;
}

// ---------------------------------------------------------------- removing

function xdelCommand(client: Client, args: Args): void {
  const stream = writeStream(client, args);
  if (stream === null) return client.reply.integer(0);
  for (let i = 2; i < args.count; i++) readId(args, i, id);
  let removed = 0;
  for (let i = 2; i < args.count; i++) {
    readId(args, i, id);
    if (stream.remove(id, reader)) removed++;
  }
  if (removed > 0) wroteEntries(client, args, removed, "xdel");
  client.reply.integer(removed);
}

function xtrimCommand(client: Client, args: Args): void {
  readTrimOptions(args, false, client.server.settings, options);
  const stream = writeStream(client, args);
  const removed = stream === null ? 0 : stream.trim(options, reader);
  if (removed > 0) {
    wroteEntries(client, args, removed, "xtrim");
    tellTrimmed(client, args, stream!);
  }
  client.reply.integer(removed);
}

function wroteEntries(client: Client, args: Args, count: number, event: string): void {
  client.db.keyspace.counters.dirty += count - 1;
  wrote(client, args, 1, EventClass.STREAM, event);
}

function notifyTrimmed(client: Client, args: Args): void {
  client.db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.STREAM, "xtrim");
}

// ---------------------------------------------------------------- setting

function xsetidCommand(client: Client, args: Args): void {
  readId(args, 2, id);
  let entriesAdded = -1;
  otherId.setMin();
  for (let i = 3; i < args.count; i += 2) {
    const hasMore = i + 1 < args.count;
    if (hasMore && args.is(i, ENTRIESADDED)) {
      entriesAdded = Math.min(roundedInteger(args, i + 1), Number.MAX_SAFE_INTEGER);
      if (entriesAdded < 0) throw ADDED_NEGATIVE;
    } else if (hasMore && args.is(i, MAXDELETEDID)) {
      readId(args, i + 1, otherId);
      if (compareIds(id, otherId) < 0) throw SET_BELOW_GIVEN_DELETED;
    } else {
      throw SYNTAX;
    }
  }
  const stream = writeStream(client, args);
  if (stream === null) throw NO_SUCH_KEY;
  checkLastId(stream, id, entriesAdded);
  stream.lastId.copy(id);
  if (entriesAdded >= 0) stream.entriesAdded = entriesAdded;
  if (!otherId.isMin) stream.maxDeletedId.copy(otherId);
  client.reply.ok();
  wroteAround(client, args, 1, "xsetid");
}

/** Throws unless the stream may have this as its last ID, and so many entries added. */
function checkLastId(stream: Stream, lastId: StreamId, entriesAdded: number): void {
  if (stream.length === 0) return;
  stream.walk(reader, true);
  if (reader.next() && compareIds(lastId, reader.id) < 0) throw SET_BELOW_TOP;
  if (entriesAdded >= 0 && stream.length > entriesAdded) throw ADDED_BELOW_LENGTH;
}

// ---------------------------------------------------------------- the table

export const streamWriteCommands = commandTable("stream", [
  {
    name: "xadd",
    arity: -5,
    flags: ["write", "denyoom", "fast"],
    keys: [
      key({
        at: 1,
        access: "rw",
        does: "update",
        notes: "An update, as options can trim the stream.",
      }),
    ],
    args: [
      arg.key(),
      arg.token("NOMKSTREAM", { optional: true, since: "6.2.0" }),
      arg.block("trim", TRIM_ARGUMENTS, { optional: true }),
      arg.oneOf("id_or_auto", [arg.token("*", { name: "auto_id" }), arg.string("id")]),
      arg.block("field_value", [arg.string("field"), arg.string("value")], { multiple: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "5.0.0",
    complexity: "O(1) for the entry, O(N) for N entries that are trimmed",
    summary: "Adds an entry to a stream, creating the stream when it is missing.",
    history: [
      ["6.2.0", "Takes `NOMKSTREAM`, `MINID` and `LIMIT`."],
      ["7.0.0", "Takes IDs of the form `ms-*`."],
    ],
    handler: xaddCommand,
  },
  {
    name: "xdel",
    arity: -3,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "delete" })],
    args: [arg.key(), arg.string("id", { multiple: true })],
    since: "5.0.0",
    complexity: "O(1) for each entry",
    summary: "Removes entries of a stream by their IDs.",
    handler: xdelCommand,
  },
  {
    name: "xsetid",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [
      arg.key(),
      arg.string("last-id"),
      arg.integer("entries_added", { token: "ENTRIESADDED", optional: true, since: "7.0.0" }),
      arg.string("max_deleted_entry_id", {
        token: "MAXDELETEDID",
        optional: true,
        since: "7.0.0",
      }),
    ],
    since: "5.0.0",
    complexity: "O(1)",
    summary: "Sets the last ID of a stream, and what else it knows of its past.",
    history: [["7.0.0", "Takes `ENTRIESADDED` and `MAXDELETEDID`."]],
    handler: xsetidCommand,
  },
  {
    name: "xtrim",
    arity: -4,
    flags: ["write"],
    keys: [key({ at: 1, access: "rw", does: "delete" })],
    args: [arg.key(), arg.block("trim", TRIM_ARGUMENTS)],
    tips: ["nondeterministic_output"],
    since: "5.0.0",
    complexity: "O(N) where N is the number of entries removed; whole nodes go at once",
    summary: "Removes the oldest entries of a stream.",
    history: [["6.2.0", "Takes `MINID` and `LIMIT`."]],
    handler: xtrimCommand,
  },
]);
