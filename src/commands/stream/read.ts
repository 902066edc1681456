/** Commands that show entries of streams. */
import { streamOf } from "../../keyspace/types/stream.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Stream } from "../../structures/stream.ts";
import { compareIds, STREAM_ID_TEXT_BYTES, StreamId, writeId } from "../../structures/stream_id.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client, KeyWait } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";
import { readEnd, readId, readStart } from "./ids.ts";
import { reader, readStream } from "./lookup.ts";
import { newReadOptions, readReadOptions } from "./read_options.ts";
import { replyRange } from "./replies.ts";

const COUNT = keyword("COUNT");
const LAST = keyword("$");
const END = keyword("+");
const NEW = keyword(">");

const NEW_IN_XREAD = new ReplyError(
  "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
);

const options = newReadOptions();
const start = new StreamId();
const end = new StreamId();
/** 0-0: what comes after it is everything. */
const NONE = new StreamId();

// ---------------------------------------------------------------- one stream

function xlenCommand(client: Client, args: Args): void {
  client.reply.integer(readStream(client, args, 1)?.length ?? 0);
}

function xrangeCommand(client: Client, args: Args): void {
  replyInterval(client, args, 2, 3, false);
}

function xrevrangeCommand(client: Client, args: Args): void {
  replyInterval(client, args, 3, 2, true);
}

function replyInterval(
  client: Client,
  args: Args,
  startArg: number,
  endArg: number,
  isReverse: boolean,
): void {
  const { reply } = client;
  readStart(args, startArg, start);
  readEnd(args, endArg, end);
  let count = -1;
  for (let i = 4; i < args.count; i += 2) {
    if (i + 1 >= args.count || !args.is(i, COUNT)) throw SYNTAX;
    count = Math.max(roundedInteger(args, i + 1), 0);
  }
  const stream = readStream(client, args, 1);
  if (stream === null) reply.emptyArray();
  else if (count === 0) reply.nullArray();
  else replyRange(reply, stream, start, end, Math.max(count, 0), isReverse);
}

// ---------------------------------------------------------------- several streams

const xreadWait: KeyWait = {
  typeId: TypeId.STREAM,
  serve(client, args) {
    readReadOptions(args, false, options);
    return readStreams(client, args);
  },
  atTimeout(reply) {
    reply.nullArray();
  },
};

function xreadCommand(client: Client, args: Args): void {
  readReadOptions(args, false, options);
  if (readStreams(client, args)) return;
  const { blockMs, firstKey, streams } = options;
  if (blockMs < 0) return client.reply.nullArray();
  fixLast(client, args, firstKey, streams);
  client.server.blocking.blockOnKeys(client, args, firstKey, streams, blockMs, xreadWait);
}

/** Replies with what is new in some of the streams; false, without a reply, when nothing is. */
function readStreams(client: Client, args: Args): boolean {
  const { reply } = client;
  const { firstKey, streams, count } = options;
  checkStreams(client, args, firstKey, streams);
  let header = -1;
  let served = 0;
  for (let i = firstKey; i < firstKey + streams; i++) {
    const stream = readStream(client, args, i);
    if (stream === null || !seekNews(stream, args, i + streams)) continue;
    if (header < 0) header = reply.deferLength();
    if (reply.proto === 2) reply.array(2);
    reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
    end.setMax();
    replyRange(reply, stream, start, end, count, false);
    served++;
  }
  if (header < 0) return false;
  if (reply.proto === 2) reply.setArrayLength(header, served);
  else reply.setMapLength(header, served);
  return true;
}

/** Sets {@link start} to where that begins which comes after the ID at argument `i`; false when nothing does. */
function seekNews(stream: Stream, args: Args, i: number): boolean {
  if (args.is(i, LAST)) return false;
  stream.walk(reader, true);
  if (!reader.next()) return false;
  if (args.is(i, END)) {
    start.copy(reader.id);
    return true;
  }
  readId(args, i, start);
  return compareIds(reader.id, start) > 0 && start.increment();
}

/** Puts the last IDs of now in the place of each `$`, which would be another one later. */
function fixLast({ db }: Client, args: Args, firstKey: number, streams: number): void {
  for (let i = firstKey; i < firstKey + streams; i++) {
    if (!args.is(i + streams, LAST)) continue;
    const entry = db.peek(args.bufs[i], args.starts[i], args.ends[i]);
    const id = new Uint8Array(STREAM_ID_TEXT_BYTES);
    const lastId = entry === 0 ? NONE : streamOf(db.keyspace, entry).lastId;
    args.set(i + streams, id, 0, writeId(id, 0, lastId));
  }
}

/** Throws for a key that is no stream and for what is no ID, whichever comes first. */
function checkStreams(client: Client, args: Args, firstKey: number, streams: number): void {
  for (let i = firstKey; i < firstKey + streams; i++) {
    readStream(client, args, i);
    if (args.is(i + streams, LAST) || args.is(i + streams, END)) continue;
    if (args.is(i + streams, NEW)) throw NEW_IN_XREAD;
    readId(args, i + streams, start);
  }
}

// ---------------------------------------------------------------- the table

const READS = [key({ at: 1, access: "ro", does: "access" })];

export const streamReadCommands = commandTable("stream", [
  {
    name: "xlen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "5.0.0",
    complexity: "O(1)",
    summary: "Counts the entries of a stream.",
    handler: xlenCommand,
  },
  {
    name: "xrange",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.string("start"),
      arg.string("end"),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "5.0.0",
    complexity: "O(log(M) + N) where M is the number of nodes and N that of the entries shown",
    summary: "Shows the entries of a stream between two IDs.",
    history: [["6.2.0", "Takes bounds that are themselves left out."]],
    costsItsReply: true,
    handler: xrangeCommand,
  },
  {
    name: "xread",
    arity: -4,
    flags: ["readonly", "blocking"],
    keys: [
      key({
        keyword: "STREAMS",
        from: 1,
        last: -1,
        step: 1,
        limit: 2,
        access: "ro",
        does: "access",
      }),
    ],
    args: [
      arg.integer("count", { token: "COUNT", optional: true }),
      arg.integer("milliseconds", { token: "BLOCK", optional: true }),
      arg.block("streams", [
        arg.key("key", { multiple: true }),
        arg.string("id", { multiple: true }),
      ], { token: "STREAMS" }),
    ],
    since: "5.0.0",
    complexity: "O(log(M) + N) for each stream of M nodes of which N entries are shown",
    summary: "Shows the entries of streams that come after given IDs, or waits for one.",
    handler: xreadCommand,
  },
  {
    name: "xrevrange",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.string("end"),
      arg.string("start"),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "5.0.0",
    complexity: "O(log(M) + N) where M is the number of nodes and N that of the entries shown",
    summary: "Shows the entries of a stream between two IDs, the last one first.",
    history: [["6.2.0", "Takes bounds that are themselves left out."]],
    costsItsReply: true,
    handler: xrevrangeCommand,
  },
]);
