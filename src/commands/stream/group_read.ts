/** XREADGROUP: gives a consumer entries that its group has not been given, or its pending ones again. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Stream } from "../../structures/stream.ts";
import { PendingEntry, type StreamGroup } from "../../structures/stream_group.ts";
import { compareIds, StreamId } from "../../structures/stream_id.ts";
import type { Client, KeyWait } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { deliver, deliverAgain, findEntry, someConsumer } from "./delivery.ts";
import { tellGroupMoved, tellPending } from "./effects.ts";
import { readId, replyId } from "./ids.ts";
import { groupOf, reader, readStream, readStreamToChange } from "./lookup.ts";
import { newReadOptions, readReadOptions } from "./read_options.ts";
import { replyEntry } from "./replies.ts";

const NEW = keyword(">");
const LAST = keyword("$");
const END = keyword("+");

const MISSING_GROUP = new ReplyError("ERR Missing GROUP option for XREADGROUP");
const LAST_IN_XREADGROUP = new ReplyError(
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this " +
    "consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just " +
    "return an empty result set.",
);
const END_IN_XREADGROUP = new ReplyError(
  "ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this " +
    "consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just " +
    "return an empty result set.",
);

const options = newReadOptions();
const start = new StreamId();
const end = new StreamId();
const pending = new PendingEntry();

function xreadgroupCommand(client: Client, args: Args): void {
  const { reply, server: { effects } } = client;
  effects.nothing();
  readReadOptions(args, true, options);
  if (options.groupArg === 0) throw MISSING_GROUP;
  if (readStreams(client, args)) return;
  if (options.blockMs < 0) return reply.nullArray();
  const { blocking } = client.server;
  const { firstKey, streams, blockMs } = options;
  blocking.blockOnKeys(client, args, firstKey, streams, blockMs, xreadgroupWait);
}

const xreadgroupWait: KeyWait = {
  typeId: TypeId.STREAM,
  wakesOnLoss: true,
  serve(client, args) {
    readReadOptions(args, true, options);
    return readStreams(client, args);
  },
  atTimeout(reply) {
    reply.nullArray();
  },
};

/**
 * Replies with what there is for the consumer in some of the streams; false, without a reply, when
 * there is nothing. The consumer is there afterwards in any case, in the group of each stream.
 */
function readStreams(client: Client, args: Args): boolean {
  const { reply } = client;
  const { firstKey, streams, groupArg } = options;
  for (let i = firstKey; i < firstKey + streams; i++) checkStream(client, args, i);
  let header = -1;
  let served = 0;
  for (let i = firstKey; i < firstKey + streams; i++) {
    const stream = readStreamToChange(client, args, i);
    const group = groupOf(stream, args, groupArg);
    if (stream === null || group === null) continue;
    const isNew = wantsNews(args, i + streams);
    const hasReply = !isNew || hasNews(stream, group);
    const consumer = someConsumer(client, args, i, group, groupArg + 1);
    if (!hasReply) continue;
    if (header < 0) header = reply.deferLength();
    served++;
    if (isNew) replyNews(client, args, i, stream, group, consumer);
    else replyHistory(client, args, i, stream, group, consumer);
  }
  if (header < 0) return false;
  if (reply.proto === 2) reply.setArrayLength(header, served);
  else reply.setMapLength(header, served);
  return true;
}

/** Throws unless the key at argument `i` is a stream with the group, and an ID belongs to it. */
function checkStream(client: Client, args: Args, i: number): void {
  const { groupArg, streams } = options;
  if (groupOf(readStream(client, args, i), args, groupArg) === null) {
    throw noGroup(args, i, groupArg);
  }
  if (args.is(i + streams, LAST)) throw LAST_IN_XREADGROUP;
  if (args.is(i + streams, END)) throw END_IN_XREADGROUP;
  if (!args.is(i + streams, NEW)) readId(args, i + streams, start);
}

/** Whether argument `i` asks for what the group has not been given; the greatest ID does so, too. */
function wantsNews(args: Args, i: number): boolean {
  if (args.is(i, NEW)) return true;
  readId(args, i, start);
  return start.isMax;
}

function noGroup(args: Args, keyArg: number, groupArg: number): ReplyError {
  const [name, group] = [args.quoted(keyArg), args.quoted(groupArg)];
  return new ReplyError(
    `NOGROUP No such key '${name}' or consumer group '${group}' in XREADGROUP with GROUP option`,
  );
}

/** Whether the stream has an entry that the group has not been given. */
function hasNews(stream: Stream, group: StreamGroup): boolean {
  stream.walk(reader, true);
  return reader.next() && compareIds(reader.id, group.lastId) > 0;
}

/** Replies with the key at argument `i` and entries that are new to the group. */
function replyNews(
  client: Client,
  args: Args,
  i: number,
  stream: Stream,
  group: StreamGroup,
  consumer: number,
): void {
  const { reply } = client;
  const { nowMs } = client.db;
  const { groupArg, count, noAck } = options;
  replyKey(reply, args, i);
  start.copy(group.lastId);
  start.increment();
  end.setMax();
  reader.seek(stream.index, start, end, false);
  const header = reply.deferLength();
  let shown = 0;
  while (!reply.overflowed && reader.next()) {
    deliver(stream, group, consumer, reader.id, nowMs, noAck);
    if (!noAck) tellPending(client, args, i, groupArg, reader.id, nowMs, 1);
    replyEntry(reply, reader);
    if (++shown === count) break;
  }
  tellGroupMoved(client, args, i, groupArg, group);
  reply.setArrayLength(header, shown);
  client.db.keyspace.counters.dirty++;
}

/**
 * Replies with the key at argument `i` and what is pending for the consumer after the given ID. That
 * it was shown again is not dirt, nor told: it is not worth a write.
 */
function replyHistory(
  client: Client,
  args: Args,
  i: number,
  stream: Stream,
  group: StreamGroup,
  consumer: number,
): void {
  const { reply } = client;
  const { streams, count } = options;
  replyKey(reply, args, i);
  readId(args, i + streams, start);
  const header = reply.deferLength();
  let shown = 0;
  let more = start.increment() && group.seekOwn(consumer, start, pending);
  while (!reply.overflowed && more) {
    const found = findEntry(stream, pending.id, shown > 0);
    if (found === null) {
      reply.array(2);
      replyId(reply, pending.id);
      reply.nullArray();
    } else {
      replyEntry(reply, found);
      deliverAgain(group, pending, client.db.nowMs);
    }
    if (++shown === count) break;
    more = group.nextOwn(consumer, pending);
  }
  reply.setArrayLength(header, shown);
}

function replyKey(reply: ReplyWriter, args: Args, i: number): void {
  if (reply.proto === 2) reply.array(2);
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
}

// ---------------------------------------------------------------- the table

export const streamGroupReadCommands = commandTable("stream", [
  {
    name: "xreadgroup",
    arity: -7,
    flags: ["write", "blocking"],
    keys: [
      key({
        keyword: "STREAMS",
        from: 4,
        last: -1,
        step: 1,
        limit: 2,
        access: "ro",
        does: "access",
      }),
    ],
    args: [
      arg.block("group_consumer", [arg.string("group"), arg.string("consumer")], {
        token: "GROUP",
      }),
      arg.integer("count", { token: "COUNT", optional: true }),
      arg.integer("milliseconds", { token: "BLOCK", optional: true }),
      arg.token("NOACK", { optional: true }),
      arg.block("streams", [
        arg.key("key", { multiple: true }),
        arg.string("id", { multiple: true }),
      ], { token: "STREAMS" }),
    ],
    since: "5.0.0",
    complexity: "O(log(M) + N) for each stream of M nodes of which N entries are shown",
    summary:
      "Gives a consumer entries that are new to its group, or waits for one, or its pending ones.",
    handler: xreadgroupCommand,
  },
]);
