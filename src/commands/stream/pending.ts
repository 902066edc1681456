/** XACK and XPENDING: what a group's consumers have not acknowledged. */
import { type Args, keyword } from "../../resp/args.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import type { NameView } from "../../structures/name_table.ts";
import { PendingEntry, type StreamGroup } from "../../structures/stream_group.ts";
import { compareIds, StreamId } from "../../structures/stream_id.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";
import { readEnd, readId, readStart, replyId } from "./ids.ts";
import { groupOf, readStream, requireGroup } from "./lookup.ts";

const IDLE = keyword("IDLE");

/** XPENDING key group start end count, and with all options. */
const MIN_RANGE_ARGUMENTS = 6;
const MAX_RANGE_ARGUMENTS = 9;
/** With IDLE as many at least. */
const MIN_IDLE_ARGUMENTS = 8;
/** Where IDLE, or else the start, is. */
const FIRST_RANGE_ARGUMENT = 3;

const id = new StreamId();
const start = new StreamId();
const end = new StreamId();
const pending = new PendingEntry();
const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function xackCommand(client: Client, args: Args): void {
  const group = groupOf(readStream(client, args, 1), args, 2);
  if (group === null) return client.reply.integer(0);
  for (let i = 3; i < args.count; i++) readId(args, i, id);
  let acknowledged = 0;
  for (let i = 3; i < args.count; i++) {
    readId(args, i, id);
    if (group.acknowledge(id)) acknowledged++;
  }
  client.db.keyspace.counters.dirty += acknowledged;
  client.reply.integer(acknowledged);
}

function xpendingCommand(client: Client, args: Args): void {
  const isSummary = args.count === 3;
  const isRange = args.count >= MIN_RANGE_ARGUMENTS && args.count <= MAX_RANGE_ARGUMENTS;
  if (!isSummary && !isRange) throw SYNTAX;
  if (isSummary) return replySummary(client.reply, requirePending(client, args));

  let minIdleMs = 0;
  let at = FIRST_RANGE_ARGUMENT;
  if (args.is(at, IDLE)) {
    minIdleMs = roundedInteger(args, at + 1);
    if (args.count < MIN_IDLE_ARGUMENTS) throw SYNTAX;
    at += 2;
  }
  const count = Math.max(roundedInteger(args, at + 2), 0);
  readStart(args, at, start);
  readEnd(args, at + 1, end);
  const consumerArg = at + 3 < args.count ? at + 3 : 0;
  const group = requirePending(client, args);
  let consumer = -1;
  if (consumerArg > 0) {
    const { bufs, starts, ends } = args;
    consumer = group.consumers.find(bufs[consumerArg], starts[consumerArg], ends[consumerArg]);
    if (consumer < 0) return client.reply.emptyArray();
  }
  replyPending(client, group, consumer, count, minIdleMs);
}

function requirePending(client: Client, args: Args): StreamGroup {
  return requireGroup(args, readStream(client, args, 1), 1, 2);
}

/** Replies with how much is pending, the first and the last of it, and how much for each consumer. */
function replySummary(reply: ReplyWriter, group: StreamGroup): void {
  reply.array(4);
  reply.integer(group.pendingCount);
  id.setMin();
  if (!group.seek(id, pending)) {
    reply.nullBulk();
    reply.nullBulk();
    reply.nullArray();
    return;
  }
  replyId(reply, pending.id);
  group.readLastPending(id);
  replyId(reply, id);
  const { consumers } = group;
  const header = reply.deferLength();
  let shown = 0;
  for (let rank = 0; rank < consumers.size; rank++) {
    const consumer = consumers.numberAt(rank);
    if (consumers.pendingCount(consumer) === 0) continue;
    consumers.showName(consumer, name);
    reply.array(2);
    reply.bulk(name.buf, name.start, name.end);
    reply.bulkInteger(consumers.pendingCount(consumer));
    shown++;
  }
  reply.setArrayLength(header, shown);
}

/**
 * Replies with what is pending from {@link start} to {@link end}.
 *
 * @param consumer For which consumer; -1 for all.
 * @param minIdleMs What was delivered later is left out; 0 for nothing.
 */
function replyPending(
  client: Client,
  group: StreamGroup,
  consumer: number,
  count: number,
  minIdleMs: number,
): void {
  const { reply } = client;
  const { nowMs } = client.db;
  const header = reply.deferLength();
  let shown = 0;
  let more = consumer < 0 ? group.seek(start, pending) : group.seekOwn(consumer, start, pending);
  while (more && shown < count && !reply.overflowed && compareIds(pending.id, end) <= 0) {
    const idleMs = nowMs - pending.deliveryMs;
    if (minIdleMs === 0 || idleMs >= minIdleMs) {
      group.consumers.showName(pending.consumer, name);
      reply.array(4);
      replyId(reply, pending.id);
      reply.bulk(name.buf, name.start, name.end);
      reply.integer(Math.max(idleMs, 0));
      reply.integer(pending.deliveryCount);
      shown++;
    }
    more = consumer < 0 ? group.next(pending) : group.nextOwn(consumer, pending);
  }
  reply.setArrayLength(header, shown);
}

// ---------------------------------------------------------------- the table

export const streamPendingCommands = commandTable("stream", [
  {
    name: "xack",
    arity: -4,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [arg.key(), arg.string("group"), arg.string("id", { multiple: true })],
    since: "5.0.0",
    complexity: "O(log(N)) for each ID, of N pending",
    summary: "Acknowledges entries, which are then no longer pending.",
    handler: xackCommand,
  },
  {
    name: "xpending",
    arity: -3,
    flags: ["readonly"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [
      arg.key(),
      arg.string("group"),
      arg.block("filters", [
        arg.integer("min-idle-time", { token: "IDLE", optional: true, since: "6.2.0" }),
        arg.string("start"),
        arg.string("end"),
        arg.integer("count"),
        arg.string("consumer", { optional: true }),
      ], { optional: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "5.0.0",
    complexity:
      "O(M) for the summary, M being the consumers; O(N*log(P)) for N of P pending entries looked at",
    summary: "Tells what a group's consumers have not acknowledged.",
    history: [["6.2.0", "Takes `IDLE`, and bounds that are themselves left out."]],
    handler: xpendingCommand,
  },
]);
