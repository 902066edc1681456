/** XREADGROUP: gives a consumer entries that its group has not been given, or its pending ones again. */
import { streamOf } from "../../keyspace/types/stream.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Stream } from "../../structures/stream.ts";
import { PendingEntry, type StreamGroup } from "../../structures/stream_group.ts";
import { compareIds, StreamId } from "../../structures/stream_id.ts";
import type { Client, KeyWait } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { deliver, deliverAgain, findEntry, seenConsumer, someConsumer } from "./delivery.ts";
import { tellGroupMoved, tellPending } from "./effects.ts";
import { readId, replyId } from "./ids.ts";
import { groupOf, reader, readStream, readStreamToChange } from "./lookup.ts";
import { newReadOptions, type ReadOptions, readReadOptions } from "./read_options.ts";
import { replyEntry } from "./replies.ts";

const NEW = keyword(">");
const LAST = keyword("$");

const MISSING_GROUP = new ReplyError("ERR Missing GROUP option for XREADGROUP");
const LAST_IN_XREADGROUP = new ReplyError(
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this " +
    "consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just " +
    "return an empty result set.",
);

const NO_STREAM = new ReplyError("UNBLOCKED the stream key no longer exists");
const NO_GROUP = new ReplyError(
  "NOGROUP the consumer group this client was blocked on no longer exists",
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
  const { firstKey, streams } = options;
  for (let i = firstKey; i < firstKey + streams; i++) checkStream(client, args, i);

  let header = -1;
  let served = 0;
  for (let i = firstKey; i < firstKey + streams; i++) {
    const stream = readStreamToChange(client, args, i);
    const group = groupOf(stream, args, options.groupArg);
    if (stream === null || group === null) continue;
    const isNew = wantsNews(args, i + streams);
    if (isNew && !hasNews(stream, group)) {
      seenConsumer(client, args, group, options.groupArg + 1);
      continue;
    }
    if (header < 0) header = reply.deferLength();
    served++;
    if (isNew) replyNews(client, args, i, stream, group, options);
    else replyHistory(client, args, i, group, stream);
  }
  if (header >= 0) endStreams(reply, header, served);
  else if (options.blockMs < 0) reply.nullArray();
  else {
    const { blocking } = client.server;
    blocking.blockOnKeys(client, args, firstKey, streams, options.blockMs, xreadgroupWait);
  }
}

const xreadgroupWait: KeyWait = {
  typeId: TypeId.STREAM,
  wakesOnLoss: true,
  serve(client, args, keyArg) {
    const { db, reply } = client;
    const entry = db.peek(args.bufs[keyArg], args.starts[keyArg], args.ends[keyArg]);
    if (entry === 0 || db.type(entry) !== TypeId.STREAM) throw NO_STREAM;
    readReadOptions(args, true, options);
    db.aboutToChange(entry);
    const stream = streamOf(db.keyspace, entry);
    const group = groupOf(stream, args, options.groupArg);
    if (group === null) throw NO_GROUP;
    if (!hasNews(stream, group)) return false;
    const header = reply.deferLength();
    replyNews(client, args, keyArg, stream, group, options);
    endStreams(reply, header, 1);
    return true;
  },
  atTimeout(reply) {
    reply.nullArray();
  },
};

/** Writes how many streams there are into the reply, where they begin. */
function endStreams(reply: ReplyWriter, header: number, count: number): void {
  if (reply.proto === 2) reply.setArrayLength(header, count);
  else reply.setMapLength(header, count);
}

/** Throws unless the key at argument `i` is a stream with the group, and an ID belongs to it. */
function checkStream(client: Client, args: Args, i: number): void {
  const { groupArg, streams } = options;
  if (groupOf(readStream(client, args, i), args, groupArg) === null) {
    throw noGroup(args, i, groupArg);
  }
  if (args.is(i + streams, LAST)) throw LAST_IN_XREADGROUP;
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
  { groupArg, count, noAck }: ReadOptions,
): void {
  const { reply } = client;
  const { nowMs } = client.db;
  replyKey(reply, args, i);
  const consumer = someConsumer(client, args, i, group, groupArg + 1);
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

/** Replies with the key at argument `i` and what is pending for the consumer after the given ID. */
function replyHistory(
  client: Client,
  args: Args,
  i: number,
  group: StreamGroup,
  stream: Stream,
): void {
  const { reply } = client;
  const { groupArg, streams, count } = options;
  replyKey(reply, args, i);
  const consumer = someConsumer(client, args, i, group, groupArg + 1);
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
      const { nowMs } = client.db;
      deliverAgain(group, pending, nowMs);
      tellPending(client, args, i, groupArg, pending.id, nowMs, pending.deliveryCount + 1);
    }
    if (++shown === count) break;
    more = group.nextOwn(consumer, pending);
  }
  reply.setArrayLength(header, shown);
  client.db.keyspace.counters.dirty++;
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
