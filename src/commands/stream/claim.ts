/** XCLAIM and XAUTOCLAIM: give pending entries to another consumer. */
import { streamOf } from "../../keyspace/types/stream.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Stream } from "../../structures/stream.ts";
import { PendingEntry, type StreamGroup } from "../../structures/stream_group.ts";
import { StreamId } from "../../structures/stream_id.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX, WRONG_TYPE } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";
import { claim, findEntry, forget, moveOn, someConsumer } from "./delivery.ts";
import { tellForgotten, tellGroupMoved, tellPending } from "./effects.ts";
import { readId, readStart, replyId, tryReadId } from "./ids.ts";
import { readStreamToChange, requireGroup } from "./lookup.ts";
import { replyEntry } from "./replies.ts";

const IDLE = keyword("IDLE");
const TIME = keyword("TIME");
const RETRYCOUNT = keyword("RETRYCOUNT");
const FORCE = keyword("FORCE");
const JUSTID = keyword("JUSTID");
const LASTID = keyword("LASTID");
const COUNT = keyword("COUNT");

const INVALID_MIN_IDLE = new ReplyError("ERR Invalid min-idle-time argument for XCLAIM");
const INVALID_AUTO_MIN_IDLE = new ReplyError("ERR Invalid min-idle-time argument for XAUTOCLAIM");
const INVALID_IDLE = new ReplyError("ERR Invalid IDLE option argument for XCLAIM");
const INVALID_TIME = new ReplyError("ERR Invalid TIME option argument for XCLAIM");
const INVALID_RETRYCOUNT = new ReplyError("ERR Invalid RETRYCOUNT option argument for XCLAIM");
const COUNT_NOT_POSITIVE = new ReplyError("ERR COUNT must be > 0");

/** Key, group, consumer and minimum of idle time; then come the IDs. */
const FIRST_ID = 5;
/** XAUTOCLAIM looks at so many pending entries for each that it may claim, */
const LOOKS_PER_CLAIM = 10;
/** claims as many without COUNT, */
const DEFAULT_COUNT = 100;
/** and at most as many as Redis has room for in an array of IDs. */
const MAX_COUNT = Number((2n ** 63n - 1n) / 16n);

const id = new StreamId();
const lastId = new StreamId();
const pending = new PendingEntry();

// ---------------------------------------------------------------- XCLAIM

/** What the options of XCLAIM say. */
const options = {
  /** Which argument is the first behind the IDs. */
  endOfIds: 0,
  /** What the last delivery is to be, ms since 1970. */
  deliveryMs: 0,
  /** -1: as many deliveries as there were, or one more. */
  retryCount: -1,
  isForced: false,
  justIds: false,
};

function xclaimCommand(client: Client, args: Args): void {
  const { reply, server: { effects } } = client;
  effects.nothing();
  const { nowMs } = client.db;
  const stream = readStreamToChange(client, args, 1);
  const group = requireGroup(args, stream, 1, 2);
  const minIdleMs = Math.max(readInteger(args, 4, INVALID_MIN_IDLE), 0);
  readClaimOptions(args, nowMs);
  const hasMoved = moveOn(group, lastId);
  if (hasMoved) tellGroupMoved(client, args, 1, 2, group);
  const consumer = someConsumer(client, args, 1, group, 3);
  let changed = 0;
  let claimed = 0;
  const header = reply.deferLength();
  for (let i = FIRST_ID; i < options.endOfIds; i++) {
    readId(args, i, id);
    const isPending = group.find(id, pending);
    const entry = findEntry(stream!, id, i > FIRST_ID);
    if (entry === null) {
      if (!isPending) continue;
      forget(group, id);
      tellForgotten(client, args, 1, 2, id);
      changed++;
      continue;
    }
    if (!isPending && !options.isForced) continue;
    if (isPending && minIdleMs > 0 && nowMs - pending.deliveryMs < minIdleMs) continue;
    const deliveries = deliveriesOf(isPending);
    claim(group, consumer, id, options.deliveryMs, deliveries, nowMs);
    tellPending(client, args, 1, 2, id, options.deliveryMs, deliveries);
    if (options.justIds) replyId(reply, id);
    else replyEntry(reply, entry);
    claimed++;
    changed++;
  }
  reply.setArrayLength(header, claimed);
  client.db.keyspace.counters.dirty += changed === 0 && hasMoved ? 1 : changed;
}

/** How many deliveries a claimed entry is said to have had. */
function deliveriesOf(isPending: boolean): number {
  if (options.retryCount >= 0) return options.retryCount;
  // One that was not pending begins with one delivery, and this is another.
  const before = isPending ? pending.deliveryCount : 1;
  return options.justIds ? before : before + 1;
}

/** Reads which arguments are IDs, and what follows them, to {@link options} and {@link lastId}. */
function readClaimOptions(args: Args, nowMs: number): void {
  let i = FIRST_ID;
  while (i < args.count && tryReadId(args, i, id)) i++;
  options.endOfIds = i;
  options.retryCount = -1;
  options.isForced = options.justIds = false;
  lastId.setMin();
  let deliveryMs = -1;
  for (; i < args.count; i++) {
    const hasMore = i + 1 < args.count;
    if (args.is(i, FORCE)) options.isForced = true;
    else if (args.is(i, JUSTID)) options.justIds = true;
    else if (hasMore && args.is(i, IDLE)) deliveryMs = nowMs - readInteger(args, ++i, INVALID_IDLE);
    else if (hasMore && args.is(i, TIME)) deliveryMs = readInteger(args, ++i, INVALID_TIME);
    else if (hasMore && args.is(i, RETRYCOUNT)) {
      const count = readInteger(args, ++i, INVALID_RETRYCOUNT);
      options.retryCount = Math.min(count, Number.MAX_SAFE_INTEGER);
    } else if (hasMore && args.is(i, LASTID)) readId(args, ++i, lastId);
    else throw new ReplyError(`ERR Unrecognized XCLAIM option '${args.quoted(i)}'`);
  }
  options.deliveryMs = deliveryMs < 0 || deliveryMs > nowMs ? nowMs : deliveryMs;
}

// ---------------------------------------------------------------- XAUTOCLAIM

function xautoclaimCommand(client: Client, args: Args): void {
  const { db, server: { effects } } = client;
  effects.nothing();
  // The key is looked up before all else, since a miss is an event, but of what type it is comes last.
  const entry = db.lookupRead(args.bufs[1], args.starts[1], args.ends[1]);
  const minIdleMs = Math.max(readInteger(args, 4, INVALID_AUTO_MIN_IDLE), 0);
  readStart(args, 5, id);
  let count = DEFAULT_COUNT;
  let justIds = false;
  for (let i = 6; i < args.count; i++) {
    if (i + 1 < args.count && args.is(i, COUNT)) count = readCount(args, ++i);
    else if (args.is(i, JUSTID)) justIds = true;
    else throw SYNTAX;
  }
  if (entry !== 0 && db.type(entry) !== TypeId.STREAM) throw WRONG_TYPE;
  if (entry !== 0) db.aboutToChange(entry);
  const stream = entry === 0 ? null : streamOf(db.keyspace, entry);
  const group = requireGroup(args, stream, 1, 2);
  autoclaim(client, args, stream!, group, minIdleMs, count, justIds);
}

function readCount(args: Args, i: number): number {
  const count = readInteger(args, i, COUNT_NOT_POSITIVE, 1);
  if (count > MAX_COUNT) throw COUNT_NOT_POSITIVE;
  return count;
}

/** Claims what is pending from {@link id} on, and replies with where it has stopped, what it got, and what is no more. */
function autoclaim(
  client: Client,
  args: Args,
  stream: Stream,
  group: StreamGroup,
  minIdleMs: number,
  count: number,
  justIds: boolean,
): void {
  const { reply } = client;
  const { nowMs } = client.db;
  const claimed: StreamId[] = [];
  const gone: StreamId[] = [];
  const consumer = someConsumer(client, args, 1, group, 3);
  let more = group.seek(id, pending);
  const most = count * LOOKS_PER_CLAIM;
  let looks = most;
  for (; more && looks > 0 && claimed.length + gone.length < count; looks--) {
    if (findEntry(stream, pending.id, looks < most) === null) {
      forget(group, pending.id);
      tellForgotten(client, args, 1, 2, pending.id);
      gone.push(copyOf(pending.id));
    } else if (minIdleMs === 0 || nowMs - pending.deliveryMs >= minIdleMs) {
      const deliveries = pending.deliveryCount + (justIds ? 0 : 1);
      claim(group, consumer, pending.id, nowMs, deliveries, nowMs);
      tellPending(client, args, 1, 2, pending.id, nowMs, deliveries);
      claimed.push(copyOf(pending.id));
    }
    more = group.next(pending);
  }
  client.db.keyspace.counters.dirty += claimed.length + gone.length;

  reply.array(3);
  if (more) id.copy(pending.id);
  else id.setMin();
  replyId(reply, id);
  reply.array(claimed.length);
  for (const entry of claimed) {
    if (justIds) replyId(reply, entry);
    else replyEntry(reply, findEntry(stream, entry, true)!);
  }
  reply.array(gone.length);
  for (const entry of gone) replyId(reply, entry);
}

function copyOf(original: StreamId): StreamId {
  const copy = new StreamId();
  copy.copy(original);
  return copy;
}

// ---------------------------------------------------------------- the table

const UPDATES = [key({ at: 1, access: "rw", does: "update" })];
const TO_CONSUMER = [
  arg.key(),
  arg.string("group"),
  arg.string("consumer"),
  arg.string("min-idle-time"),
];

export const streamClaimCommands = commandTable("stream", [
  {
    name: "xautoclaim",
    arity: -6,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "delete" })],
    args: [
      ...TO_CONSUMER,
      arg.string("start"),
      arg.integer("count", { token: "COUNT", optional: true }),
      arg.token("JUSTID", { optional: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "6.2.0",
    complexity: "O(N*log(M)) for N of M pending entries looked at",
    summary: "Gives pending entries to a consumer, one after the other.",
    history: [["7.0.0", "Tells which entries are no longer in the stream."]],
    handler: xautoclaimCommand,
  },
  {
    name: "xclaim",
    arity: -6,
    flags: ["write", "fast"],
    keys: UPDATES,
    args: [
      ...TO_CONSUMER,
      arg.string("id", { multiple: true }),
      arg.integer("ms", { token: "IDLE", optional: true }),
      arg.unixTime("unix-time-milliseconds", { token: "TIME", optional: true }),
      arg.integer("count", { token: "RETRYCOUNT", optional: true }),
      arg.token("FORCE", { optional: true }),
      arg.token("JUSTID", { optional: true }),
      arg.string("lastid", { token: "LASTID", optional: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "5.0.0",
    complexity: "O(log(N)) for each ID, of N pending",
    summary: "Gives pending entries to a consumer.",
    handler: xclaimCommand,
  },
]);
